import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { figureOf } from "../../../test/fixtures";
import { paletteOf } from "../../color/palette";
import { ColorScale } from "../../color/scale";
import { TRANSFORM_NAMES } from "../../color/transform";
import { metricAt, withOne } from "./effects";
import { patchingExports } from "./exports";
import { positionAxis } from "./gridHeatmap";
import PatchingMap from "./PatchingMap.svelte";
import { PatchingState } from "./patchingState.svelte";

const runs = { clean: 3, corrupted: -2 };

test.each([
  ["denoise", 0, -2],
  ["denoise", 1, 3],
  ["denoise", 0.5, 0.5],
  ["noise", 0, 3],
  ["noise", 1.2, -3],
] as const)("with %s an effect of %d is the metric %d", (direction, effect, metric) => {
  expect(metricAt(runs, direction, effect)).toBeCloseTo(metric, 12);
  expect(metricAt({ clean: null, corrupted: null }, direction, effect)).toBeNaN();
});

test.each(TRANSFORM_NAMES.flatMap((transform) => [1, 2, 3, 8, 40].map((end) => ({ transform, end }))))(
  "labels of a scale to $end with $transform spacing have room, and 1 is one of them where it is inside",
  ({ transform, end }) => {
    const scale = new ColorScale([-end, end], paletteOf("light"), { transform });
    const ticks = withOne(scale).ticks();
    const places = ticks.map(({ place }) => place);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    for (const value of [-end, 0, end]) expect(ticks.map((tick) => tick.value)).toContain(value);
    const one = (1 + scale.strength(1)) / 2;
    if (1 - one >= 0.18 && one - 0.5 >= 0.18) expect(ticks.map((tick) => tick.value)).toContain(1);
    for (const [i, place] of places.entries())
      if (i > 0 && end > 1 && Math.abs(ticks[i]!.value) === 1)
        expect(place - places[i - 1]!).toBeGreaterThan(0.17);
  },
);

test("a position has both tokens where prompts differ, and of many positions these have labels in any case", () => {
  const few = positionAxis(
    { positions: [0, 4, 5] },
    { cleanTokens: ["The", " cat", null], corruptedTokens: ["The", " dog", null] },
  );
  expect(few).toMatchObject({ labels: ["The", "·cat/·dog", "…"], positions: [0, 4, 5] });
  expect(few.title).toBe("Position (clean/corrupted token)");
  const clean = Array.from({ length: 100 }, (_, i) => `t${i}`);
  const corrupted = clean.map((token, i) => ([40, 41, 80].includes(i) ? "x" : token));
  const many = positionAxis(
    { positions: clean.map((_, i) => i) },
    { cleanTokens: clean, corruptedTokens: corrupted },
  );
  expect([...many.names!]).toEqual([40, 80]);
  expect(many.labels[40]).toBe("40 t40/x");
  expect(positionAxis({ positions: [7] }, { cleanTokens: [], corruptedTokens: [] })).toMatchObject({
    labels: ["7"],
    title: "Position",
  });
});

test("arrow keys and Enter pin a cell, whose effect and metric are told; another grid keeps the pin", async () => {
  const { props } = figureOf("PatchingMap", "patching-pairs");
  const theme = "light";
  render(PatchingMap, { props: { props, theme, room: 900 } });
  const status = () => screen.getByTestId("status").textContent.trim();
  const area = await screen.findByTestId("heatmap");
  expect(status()).toMatch(/^Pinned; Esc or click to release. Head 1.0: effect 1\.\d+, metric \d/);
  await fireEvent.keyDown(area, { key: "ArrowRight" });
  expect(status()).toMatch(/Head 1.1: effect/);
  await fireEvent.click(screen.getByRole("radio", { name: "mlp_out" }));
  await vi.waitFor(() => expect(status()).toMatch(/^Hover a cell/));
  await fireEvent.click(screen.getByRole("radio", { name: "z" }));
  await vi.waitFor(() => expect(status()).toMatch(/^Pinned; .* Head 1.1/));
  await fireEvent.keyDown(area, { key: "Escape" });
  expect(status()).not.toMatch(/^Pinned/);
});

test("a file has all cells of all grids and pairs", async () => {
  const { props } = figureOf("PatchingMap", "patching-pairs");
  const view = new PatchingState(props, () => "light");
  await view.open();
  const exports = patchingExports(view);
  await exports.load?.();
  const rows = [...exports.table()!.rows];
  const cells = props.grids.map(({ values }) => values.shape.reduce((product, n) => product * n, 1));
  expect(rows).toHaveLength(cells.reduce((sum, n) => sum + n, 0));
  expect(new Set(rows.map(([, pair]) => pair))).toEqual(new Set([null, 0, 1, 2]));
});
