import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import NumberSelect from "./NumberSelect.svelte";

afterEach(cleanup);

function select(options: { count?: number; labels?: string[]; selected?: number } = {}) {
  const onselect = vi.fn<(index: number) => void>();
  const props = { name: "Neuron", count: 10_000, selected: 7, testid: "neuron", onselect, ...options };
  const { rerender } = render(NumberSelect, { props });
  const field = screen.getByRole<HTMLInputElement>("combobox", { name: "Neuron" });
  return { onselect, field, choose: (selected: number) => rerender({ selected }) };
}

const options = () => screen.queryAllByRole("option").map((option) => option.textContent);

test("a typed number is chosen by Enter", async () => {
  const { onselect, field } = select();
  await fireEvent.input(field, { target: { value: "512" } });
  expect(options()[0]).toBe("512");
  await fireEvent.keyDown(field, { key: "Enter" });
  expect(onselect.mock.calls).toEqual([[512]]);
  expect(options()).toEqual([]);
});

test("ten thousand items build no more than a page of options, around the selected one", async () => {
  const { field } = select({ selected: 5000 });
  await fireEvent.click(field);
  expect(options().length).toBeLessThan(30);
  expect(options()).toContain("5000");
  expect(screen.getByRole("option", { name: "5000" }).getAttribute("aria-setsize")).toBe("10000");
});

test("arrow keys choose the neighbours, Page Up and Page Down the tenth, Home and End the ends", async () => {
  const { onselect, field } = select();
  for (const key of ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"])
    await fireEvent.keyDown(field, { key });
  expect(onselect.mock.calls.flat()).toEqual([8, 6, 17, 0, 0, 9999]);
});

test("the buttons choose the neighbours and stop at the ends", async () => {
  const { onselect, choose } = select({ count: 9 });
  const [previous, next] = ["Previous: Neuron", "Next: Neuron"].map((name) =>
    screen.getByRole("button", { name }),
  );
  await fireEvent.click(next!);
  await choose(8);
  await fireEvent.click(next!);
  expect(next!.getAttribute("aria-disabled")).toBe("true");
  await fireEvent.click(previous!);
  expect(onselect.mock.calls.flat()).toEqual([8, 7]);
});

test("Escape gives back what was selected, and releases nothing else", async () => {
  const { onselect, field } = select();
  const outside = vi.fn();
  document.body.addEventListener("keydown", outside);
  await fireEvent.input(field, { target: { value: "51" } });
  await fireEvent.keyDown(field, { key: "Escape" });
  expect([field.value, options(), onselect.mock.calls, outside.mock.calls]).toEqual(["7", [], [], []]);
  await fireEvent.keyDown(field, { key: "Escape" });
  expect(outside).toHaveBeenCalledTimes(1);
});

test("leaving the field chooses a complete number, and gives back the selected one instead of a part", async () => {
  const { onselect, field } = select({ labels: ["attn", "mlp", "mlp out"], count: 3, selected: 0 });
  await fireEvent.input(field, { target: { value: "ml" } });
  await fireEvent.focusOut(field);
  expect([field.value, onselect.mock.calls]).toEqual(["attn", []]);
  await fireEvent.input(field, { target: { value: "mlp out" } });
  await fireEvent.focusOut(field);
  expect(onselect.mock.calls).toEqual([[2]]);
});

test("what nothing matches is said, and Enter chooses nothing", async () => {
  const { onselect, field } = select();
  await fireEvent.input(field, { target: { value: "x" } });
  expect(screen.getByRole("status").textContent).toBe("No match.");
  await fireEvent.keyDown(field, { key: "Enter" });
  expect(onselect).not.toHaveBeenCalled();
});

test("labels are text, whatever they hold, and keep their numbers beside them", async () => {
  const { field } = select({ labels: ["<b>x</b>", "", "a\nb"], count: 3, selected: 0 });
  await fireEvent.click(field);
  expect(options()).toEqual(["<b>x</b>0", "∅1", "a↵b2"]);
  expect(document.querySelector(".row b")).toBeNull();
});

test("a single item is shown, and nothing to choose with", () => {
  render(NumberSelect, {
    props: { name: "Layer", count: 1, selected: 0, testid: "layer", onselect: vi.fn() },
  });
  expect(screen.queryByRole("combobox")).toBeNull();
  expect(screen.getByTestId("layer").textContent).toContain("Layer 0");
});
