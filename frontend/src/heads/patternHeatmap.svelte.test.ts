import { expect, test } from "vitest";
import { placedLabel } from "../heatmap/axisLabels";
import { HoverPin } from "../state/hoverPin.svelte";
import type { Cell } from "../state/selection.svelte";
import { cellChoice, destAxis, srcAxis } from "./patternHeatmap";

test("rows are destinations with their positions, columns are sources", () => {
  const sequence = { destTokens: ["c"], srcTokens: ["a", "b", "c"], destPositions: [2] };
  expect(destAxis(sequence)).toMatchObject({ title: "Destination (query)", labels: ["c"] });
  expect(placedLabel(destAxis(sequence), 0, 20).number).toBe(2);
  expect(srcAxis(sequence)).toMatchObject({ title: "Source (key)", labels: ["a", "b", "c"] });
  expect(placedLabel(srcAxis(sequence), 2, 20).number).toBe(2);
});

test("columns of self-attention are its destinations", () => {
  const sequence = { destTokens: ["a", "b"], srcTokens: null, destPositions: null };
  expect(srcAxis(sequence).labels).toEqual(["a", "b"]);
});

test("a heatmap hovers, pins and moves the pin of the view's cell", () => {
  const cells = new HoverPin<Cell>((a, b) => a.dest === b.dest && a.src === b.src);
  const choice = cellChoice(cells);
  choice.hover({ row: 1, col: 2 });
  expect([cells.hovered, choice.focus]).toEqual([
    { dest: 1, src: 2 },
    { row: 1, col: 2 },
  ]);
  choice.toggle({ row: 3, col: 4 });
  expect([cells.pinned, choice.pinned, choice.focus]).toEqual([
    { dest: 3, src: 4 },
    { row: 3, col: 4 },
    { row: 3, col: 4 },
  ]);
  choice.movePin({ row: 0, col: 4 });
  expect(cells.pinned).toEqual({ dest: 0, src: 4 });
  choice.toggle({ row: 0, col: 4 });
  choice.hover(null);
  expect([cells.pinned, choice.focus]).toEqual([null, null]);
});
