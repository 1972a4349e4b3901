import { fireEvent, render, screen } from "@testing-library/svelte";
import { createRawSnippet, flushSync, tick } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { css, pack, unpack } from "../color/color";
import { paletteOf } from "../color/palette";
import { ColorScale } from "../color/scale";
import { HoverPin } from "../state/hoverPin.svelte";
import { choiceOf, isSamePlace } from "./choice";
import type { Place } from "./choice";
import ColoredText from "./ColoredText.svelte";

const palette = paletteOf("light");
const scale = new ColorScale([-2, 2], palette);
const tip = createRawSnippet((index: () => number) => ({ render: () => `<b>tip ${index()}</b>` }));

beforeEach(() => {
  // jsdom has no layout
  Element.prototype.getClientRects = () => [new DOMRect(0, 0, 10, 10)] as unknown as DOMRectList;
});
afterEach(() => vi.useRealTimers());

function show(tokens: string[], values: number[], choice = new HoverPin<number>()) {
  const props = { tokens, values, scale, label: "A text", testid: "text", choice, tip };
  const describe = (index: number) => `${tokens[index]} is ${values[index]}`;
  const { rerender } = render(ColoredText, { props: { ...props, describe } });
  return {
    choice,
    rerender,
    tokens: () => [...screen.getByTestId("text").querySelectorAll<HTMLElement>("[role=button]")],
  };
}

const background = (element: HTMLElement) => element.style.getPropertyValue("--back");

test("tokens are text, never HTML, on the colors of their values, with readable letters", () => {
  const { tokens } = show(["<b>x</b>", " cat", "\n", ""], [2, -2, NaN, 0]);
  expect(tokens().map(({ textContent }) => textContent)).toEqual(["<b>x</b>", "·cat", "↵", "∅"]);
  expect(document.querySelector("b")).toBeNull();
  const colors = [2, -2, NaN, 0].map((value) => css(unpack(scale.pixel(value))));
  expect(tokens().map(background)).toEqual(colors);
  expect(colors[3]).toBe(css(palette.zero));
  expect(pack(palette.missing)).toBe(scale.pixel(NaN));
  expect(tokens().map(({ style }) => style.color)).toEqual([
    "rgb(255, 255, 255)",
    "rgb(255, 255, 255)",
    "rgb(0, 0, 0)",
    "rgb(0, 0, 0)",
  ]);
});

test("other values change colors, not elements; other tokens change elements", async () => {
  const { tokens, rerender } = show(["a", " b"], [1, 2]);
  const before = tokens();
  await rerender({ values: [2, 1] });
  expect(tokens().every((element, i) => element === before[i])).toBe(true);
  expect(tokens().map(background)).toEqual([2, 1].map((value) => css(unpack(scale.pixel(value)))));
  await rerender({ tokens: ["c"], values: [0] });
  expect(tokens().map(({ textContent }) => textContent)).toEqual(["c"]);
  expect(background(tokens()[0]!)).toBe(css(palette.zero));
});

test("hovering shows the tooltip, a click pins it, another releases it", async () => {
  const { choice, tokens } = show(["a", " b", " c"], [1, 2, 0]);
  await fireEvent.pointerOver(tokens()[1]!);
  expect(screen.getByText("tip 1")).toBeTruthy();
  expect(tokens()[1]!.classList.contains("chosen")).toBe(true);
  await fireEvent.click(tokens()[1]!);
  expect([choice.pinned, tokens()[1]!.getAttribute("aria-pressed")]).toEqual([1, "true"]);
  await fireEvent.pointerOver(tokens()[2]!);
  expect(screen.getByText("tip 1")).toBeTruthy(); // hovering changes nothing while a token is pinned
  choice.clear();
  flushSync();
  expect(screen.queryByText(/tip/)).toBeNull();
  expect(tokens()[1]!.getAttribute("aria-pressed")).toBe("false");
});

test("the keyboard moves one tab stop, names values, and takes the pin along", async () => {
  const { choice, tokens } = show(["a", " b", " c"], [1, 2, 0]);
  const stops = () => tokens().map(({ tabIndex }) => tabIndex);
  expect(stops()).toEqual([0, -1, -1]);
  tokens()[0]!.focus();
  await fireEvent.keyDown(tokens()[0]!, { key: "ArrowRight" });
  expect(document.activeElement).toBe(tokens()[1]);
  expect([stops(), tokens()[1]!.getAttribute("aria-label")]).toEqual([[-1, 0, -1], " b is 2"]);
  await fireEvent.keyDown(tokens()[1]!, { key: "Enter" });
  expect(choice.pinned).toBe(1);
  await fireEvent.keyDown(tokens()[1]!, { key: "End" });
  expect([choice.pinned, document.activeElement]).toEqual([2, tokens()[2]]);
  await fireEvent.keyDown(tokens()[2]!, { key: "ArrowRight" });
  expect(document.activeElement).toBe(tokens()[2]);
  await fireEvent.keyDown(tokens()[2]!, { key: "Home" });
  expect(document.activeElement).toBe(tokens()[0]);
  await fireEvent.keyDown(tokens()[0]!, { key: " " });
  expect(choice.pinned).toBeNull();
});

test("a text from right to left is one, and its left arrow moves on", async () => {
  const { tokens } = show(["שלום", " עולם"], [1, 2]);
  expect(screen.getByTestId("text").dir).toBe("rtl");
  await fireEvent.keyDown(tokens()[0]!, { key: "ArrowLeft" });
  expect(document.activeElement).toBe(tokens()[1]);
});

test("a long text is made frame by frame, and painted as far as it is made", async () => {
  vi.useFakeTimers();
  const n = 1500;
  const { tokens } = show(Array<string>(n).fill(" a"), Array<number>(n).fill(1));
  expect(tokens().length).toBeLessThan(n);
  vi.runAllTimers();
  await tick();
  expect(tokens()).toHaveLength(n);
  expect(new Set(tokens().map(background)).size).toBe(1);
  expect(tokens().filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
});

test("of several texts that share a choice, one token is chosen", () => {
  const shared = new HoverPin<Place>(isSamePlace);
  const [first, second] = [choiceOf(shared, 0), choiceOf(shared, 1)];
  first.hover(2);
  expect([first.focus, second.focus]).toEqual([2, null]);
  second.toggle(1);
  expect([first.focus, first.pinned, second.focus, second.pinned]).toEqual([null, null, 1, 1]);
  second.pinned = 0;
  second.toggle(0);
  expect([first.focus, second.pinned]).toEqual([2, null]);
});
