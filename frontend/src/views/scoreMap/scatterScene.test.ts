import { expect, test } from "vitest";
import { paletteOf } from "../../color/palette";
import { alongArrow, nearest, scatterScene } from "./scatterScene";

const palette = paletteOf("light");
const scene = (x: number[], y: number[]) =>
  scatterScene({
    width: 400,
    height: 300,
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    nHeads: 2,
    palette,
  });

test("a point's place follows from its values and the ticks, and is inside of the frame", () => {
  const { points, across, up } = scene([0, 1, 0.25, 0.5], [-2, 2, 1, 0]);
  const place = (ticks: typeof across, value: number) => {
    const [a, b] = [ticks[0]!, ticks.at(-1)!];
    return a.at + ((value - a.value) / (b.value - a.value)) * (b.at - a.at);
  };
  for (const { head, x, y } of points) {
    expect(x).toBeCloseTo(place(across, [0, 1, 0.25, 0.5][head]!), 6);
    expect(y).toBeCloseTo(place(up, [-2, 2, 1, 0][head]!), 6);
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(400);
  }
  expect(points[1]!.y).toBeLessThan(points[0]!.y);
});

test("heads without a value of one score have no point, and are counted", () => {
  const { points, absent } = scene([0, NaN, 1, 2], [1, 1, NaN, 0]);
  expect(points.map(({ head }) => head)).toEqual([0, 3]);
  expect(absent).toBe(2);
  expect(scene([NaN, NaN], [1, 1]).points).toEqual([]);
});

test("equal values still have places", () => {
  for (const { x, y } of scene([3, 3], [0, 0]).points) {
    expect(Number.isFinite(x)).toBe(true);
    expect(Number.isFinite(y)).toBe(true);
  }
});

test("the nearest point is found, and none beyond reach", () => {
  const { points } = scene([0, 1], [0, 1]);
  const [first, second] = [points[0]!, points[1]!];
  expect(nearest(points, { x: first.x + 3, y: first.y }, 20)).toBe(first);
  expect(nearest(points, { x: second.x, y: second.y + 3 }, 20)).toBe(second);
  expect(nearest(points, { x: first.x + 100, y: first.y }, 20)).toBeNull();
});

test("arrows go to the nearest point in their direction, and stay at the end", () => {
  const { points } = scene([0, 1, 2, 2], [0, 0.1, 0, 2]);
  const at = (head: number, key: string) => alongArrow(points, points[head]!, key)?.head;
  expect(at(0, "ArrowRight")).toBe(1);
  expect(at(1, "ArrowRight")).toBe(2);
  expect(at(2, "ArrowUp")).toBe(3);
  expect(at(0, "ArrowLeft")).toBe(0);
  expect(at(0, "Enter")).toBeUndefined();
});
