import { expect, test, vi } from "vitest";
import { dragRange, labelIndex } from "./dragRange";

test("a point beside the picture belongs to the row or column whose label is there", () => {
  expect(labelIndex("rows", 5, 45, 20, 10)).toBe(2);
  expect(labelIndex("cols", 45, 0, 20, 10)).toBe(2);
  // labels of columns lean to the right by 60 degrees
  expect(labelIndex("cols", 45 + 50 / Math.tan(Math.PI / 3), 56, 20, 10)).toBe(2);
  expect(labelIndex("rows", 0, -9, 20, 10)).toBe(0);
  expect(labelIndex("rows", 0, 999, 20, 10)).toBe(9);
});

function labels() {
  const element = document.createElement("div");
  element.setPointerCapture = vi.fn();
  const actions = { drag: vi.fn(), click: vi.fn() };
  dragRange("rows", 10, 5, actions)(element);
  const send = (type: string, y: number, init: MouseEventInit = {}) =>
    element.dispatchEvent(new MouseEvent(type, { clientY: y, bubbles: true, ...init }));
  return { element, actions, send };
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
