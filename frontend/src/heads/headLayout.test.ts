import { expect, test } from "vitest";
import { gridSize } from "./atlas";
import { headLayout } from "./headLayout";

const model = (layers: number, heads: number) =>
  Array.from({ length: layers * heads }, (_, i) => ({
    name: `${Math.floor(i / heads)}.${i % heads}`,
    layer: Math.floor(i / heads),
  }));
const plain = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `h${i}`, layer: null }));

test.each([12, 16, 20, 22, 24])(
  "12 layers of 12 heads with previews of %i cells fit beside a picture on a laptop without scrolling",
  (cells) => {
    const shape = { rows: cells, cols: cells };
    const layout = headLayout({ heads: model(12, 12), shape, room: 500, height: 580 });
    const { button, columnLabel, rowLabel } = layout;
    expect(layout.scrolls).toBe(false);
    expect(columnLabel + 12 * (button.height + button.gap)).toBeLessThanOrEqual(580);
    expect(rowLabel + 12 * (button.width + button.gap)).toBeLessThanOrEqual(500);
    expect(button.picture.width).toBeGreaterThanOrEqual(24);
  },
);

test.each([
  [48, 25],
  [80, 64],
  [2, 200],
])("a model of %i x %i heads scrolls in its area", (layers, heads) => {
  const layout = headLayout({
    heads: model(layers, heads),
    shape: { rows: 24, cols: 24 },
    room: 600,
    height: 580,
  });
  expect(layout.scrolls).toBe(true);
  expect(layout.width).toBeLessThanOrEqual(600);
  expect(layout.button.picture.width).toBeGreaterThanOrEqual(18);
});

test("on paper a model of any size fits across, and nothing scrolls", () => {
  const shape = { rows: 24, cols: 24 };
  const layout = headLayout({ heads: model(80, 64), shape, room: 717, height: Infinity });
  expect(layout.scrolls).toBe(false);
});

test("a matrix fits on a telephone, with thumbnails that can still be hit", () => {
  const layout = headLayout({ heads: model(12, 12), shape: { rows: 20, cols: 20 }, room: 344, height: 280 });
  expect(layout.rowLabel + 12 * (layout.button.width + layout.button.gap)).toBeLessThanOrEqual(344);
  expect(layout.button.picture.width).toBeGreaterThanOrEqual(18);
});

test("a pattern of one row has thumbnails that can be seen and hit", () => {
  const layout = headLayout({ heads: model(4, 4), shape: { rows: 1, cols: 32 }, room: 600, height: 580 });
  expect(layout.button.picture.height).toBe(14);
});

test("heads without layers have smaller thumbnails where they would not fit, and scroll where that is not enough", () => {
  const shape = { rows: 20, cols: 20 };
  const whole = (count: number, room: number, height: number) => {
    const layout = headLayout({ heads: plain(count), shape, room, height });
    return { ...layout, down: gridSize(layout.button, count).height };
  };
  const few = whole(12, 500, 580);
  expect([few.matrix, few.button.picture.width, few.scrolls]).toEqual([null, 100, false]);
  const low = whole(12, 340, 280);
  expect(low.scrolls).toBe(false);
  expect(low.down).toBeLessThanOrEqual(280);
  expect(low.button.picture.width).toBeLessThan(100);
  expect(whole(1000, 500, 580).scrolls).toBe(true);
});
