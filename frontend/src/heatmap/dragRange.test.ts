import { expect, test, vi } from "vitest";
import { dragRange, labelIndex } from "./dragRange";

const row = (side: "rows" | "cols", from = 0) => ({ side, size: 20, from, count: 10 });

test("a point beside the picture belongs to the row or column whose label is there", () => {
  expect(labelIndex(row("rows"), 5, 45)).toBe(2);
  expect(labelIndex(row("cols"), 45, 0)).toBe(2);
  // labels of columns lean to the right by 60 degrees
  expect(labelIndex(row("cols"), 45 + 50 / Math.tan(Math.PI / 3), 56)).toBe(2);
  expect(labelIndex(row("rows"), 0, -9)).toBe(0);
  expect(labelIndex(row("rows"), 0, 999)).toBe(9);
  // 70 pixels are before the frame of a zoomed picture
  expect(labelIndex(row("rows", 70), 5, 45)).toBe(5);
});

function labels() {
  const element = document.createElement("div");
  element.setPointerCapture = vi.fn();
  const actions = { drag: vi.fn(), click: vi.fn() };
  const row = { side: "rows" as const, size: 10, from: 0, count: 5 };
  dragRange(() => row, actions)(element);
  const send = (type: string, y: number, init: MouseEventInit = {}) =>
    element.dispatchEvent(new MouseEvent(type, { clientY: y, bubbles: true, ...init }));
  return { element, actions, send, row };
}

test("dragging chooses from where it began, and the click after it chooses nothing more", () => {
  const { actions, send } = labels();
  send("pointerdown", 15);
  send("pointermove", 18);
  expect(actions.drag).not.toHaveBeenCalled();
  send("pointermove", 38);
  send("pointermove", 5);
  send("pointerup", 5);
  send("pointermove", 45);
  send("click", 5);
  expect(actions.drag.mock.calls).toEqual([
    [1, 3],
    [1, 0],
  ]);
  expect(actions.click).not.toHaveBeenCalled();
});

test("a picture that changes its size while the pointer drags does not end the drag", () => {
  const { actions, send, row } = labels();
  send("pointerdown", 15);
  send("pointermove", 38);
  row.size = 20;
  send("pointermove", 45);
  send("pointerup", 45);
  send("click", 45);
  expect(actions.drag.mock.calls).toEqual([
    [1, 3],
    [1, 2],
  ]);
  expect(actions.click).not.toHaveBeenCalled();
});

test("a click chooses one, with Shift it extends, and a name keeps its own click", () => {
  const { element, actions, send } = labels();
  send("click", 25);
  send("click", 45, { shiftKey: true });
  const button = document.createElement("button");
  element.append(button);
  button.click();
  expect(actions.click.mock.calls).toEqual([
    [2, false],
    [4, true],
  ]);
});
