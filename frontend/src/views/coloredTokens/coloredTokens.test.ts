import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { beforeEach, expect, test } from "vitest";
import { figureOf } from "../../../test/fixtures";
import { css, unpack } from "../../color/color";
import { customPalette } from "../../color/customPalette";
import { SidedScale } from "../../color/sidedScale";
import ColoredTokens from "./ColoredTokens.svelte";
import { loadTokenValues } from "./tokenValues";

beforeEach(() => {
  // jsdom has no layout
  Element.prototype.getClientRects = () => [new DOMRect(0, 0, 10, 10)] as unknown as DOMRectList;
});

async function show(name: string) {
  const { props } = figureOf("ColoredTokens", name);
  render(ColoredTokens, { props: { props, theme: "light" } });
  await screen.findAllByTestId("colored-text");
  const tokens = (text = 0) => [
    ...screen.getAllByTestId("colored-text")[text]!.querySelectorAll<HTMLElement>("[role=button]"),
  ];
  const back = (element: HTMLElement) => element.style.getPropertyValue("--back");
  const colors = async (kind: number, range = props.kinds[kind]!.valueRange, text = 0) => {
    const values = await loadTokenValues(props.samples[text]!.values);
    const scale = new SidedScale(range, customPalette("light", props.colors));
    return Array.from(values.of(kind), (value) => css(unpack(scale.pixel(value))));
  };
  return { props, tokens, colors, shown: (text = 0) => tokens(text).map(back) };
}

const status = () => screen.getByTestId("status").textContent.trim();
const ticks = () =>
  [...screen.getByTestId("legend").querySelectorAll(".ticks span")].map((e) => e.textContent);

test("tokens have the colors of their values, and the legend has the numbers", async () => {
  const { shown, colors } = await show("tokens-2");
  expect(shown()).toEqual(await colors(0));
  expect(ticks()).toEqual(["0", "2"]);
});

test("hovering tells the value, a click pins it, Escape releases it", async () => {
  const { tokens } = await show("tokens-2");
  await fireEvent.pointerOver(tokens()[1]!);
  expect(status()).toBe("Token 1 b: 2.0000");
  await fireEvent.click(tokens()[1]!);
  expect(status()).toBe("Pinned; Esc or click to release. Token 1 b: 2.0000");
  await fireEvent.keyDown(tokens()[1]!, { key: "Escape" });
  await fireEvent.pointerLeave(screen.getByTestId("colored-text"));
  expect(status()).toMatch(/^Hover a token/);
});

test("a kind is shown while its button is hovered, and kept when it is clicked; each has its own range", async () => {
  const { tokens, shown, colors } = await show("tokens-multi");
  const buttons = screen.getByTestId("kinds").querySelectorAll("label");
  const first = await colors(0);
  expect(shown()).toEqual(first);
  const hover = new Event("pointerenter");
  Object.assign(hover, { pointerType: "mouse" });
  await fireEvent(buttons[1]!, hover);
  expect(shown()).toEqual(await colors(1));
  expect(ticks()[0]).toBe("0");
  await fireEvent.pointerLeave(screen.getByTestId("kinds"));
  expect(shown()).toEqual(first);
  await fireEvent.click(within(screen.getByTestId("kinds")).getAllByRole("radio")[2]!);
  expect(shown()).toEqual(await colors(2));
  expect(ticks().at(-1)).toBe("0");
  await fireEvent.pointerOver(tokens()[3]!);
  for (const name of ["signed", "positive", "negative"]) expect(status()).toContain(`${name} = `);
});

test("an end that is typed changes the colors of its kind alone, until it is reset", async () => {
  const { shown, colors, props } = await show("tokens-multi");
  const high = () => screen.getByLabelText<HTMLInputElement>("Upper end of the color scale");
  const [low] = props.kinds[0]!.valueRange;
  await fireEvent.input(high(), { target: { value: "0.5" } });
  expect(shown()).toEqual(await colors(0, [low, 0.5]));
  await fireEvent.blur(high());
  const radios = within(screen.getByTestId("kinds")).getAllByRole("radio");
  await fireEvent.click(radios[1]!);
  expect(Number(high().value)).toBeCloseTo(props.kinds[1]!.valueRange[1], 1);
  await fireEvent.click(radios[0]!);
  expect(high().value).toBe("0.5");
  await fireEvent.click(screen.getByRole("button", { name: "Reset" }));
  expect(shown()).toEqual(await colors(0));
});

test("several texts share scale and choice; the HTML of a token is shown with it", async () => {
  const { tokens, shown, colors, props } = await show("tokens-samples");
  expect(screen.getAllByTestId("sample")).toHaveLength(props.samples.length);
  for (const text of [0, 1, 3]) expect(shown(text)).toEqual(await colors(0, undefined, text));
  await fireEvent.pointerOver(tokens(0)[2]!);
  expect(screen.getByTestId("hover-html").innerHTML).toContain("top: <b> Mary</b>");
  expect(status()).toMatch(/^Text 0, token 2 ·Mary: /);
  await fireEvent.pointerOver(tokens(1)[2]!);
  expect(screen.queryByTestId("hover-html")).toBeNull();
  expect(status()).toMatch(/^Text 1, token 2/);
});

test("hostile texts are text, and HTML loses images and scripts", async () => {
  const { tokens, props } = await show("tokens-hostile");
  expect(tokens()).toHaveLength(props.samples[0]!.tokens.length);
  await fireEvent.pointerOver(tokens()[2]!);
  expect(screen.getByTestId("hover-html").textContent).toBe("html");
  expect(document.querySelector("img, script, .text b")).toBeNull();
  expect(screen.getByTestId("legend").textContent).toContain("no value");
});

test("many kinds are chosen from a list", async () => {
  const { shown, colors } = await show("tokens-many-kinds");
  await fireEvent.click(screen.getByRole("button", { name: /next/i }));
  expect(shown()).toEqual(await colors(1));
});

test("the first token of a prediction has no value", async () => {
  const { tokens } = await show("tokens-performance");
  await fireEvent.pointerOver(tokens()[0]!);
  expect(status()).toContain("probability = no value");
});
