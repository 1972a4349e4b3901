import { describe, expect, test } from "vitest";
import { heads, WITH_HEADS } from "../../test/fixtures";
import type { AttentionSequence } from "../props";
import { absenceOf, lastPreviewColumn, lastSource } from "./mask";

/** Of 3 destinations and 4 sources. */
function sequence(layout: "full" | "causal", destPositions: number[] | null = null): AttentionSequence {
  const [any] = heads("small-1-head-5-tokens").sequences;
  return {
    ...any!,
    destPositions,
    attention: { ...any!.attention, layout, shape: [1, 3, 4] },
    previewBlock: [2, 2],
  };
}

/** One text per row, one character per cell: "x" for masked, "?" for missing, "-" for neither. */
function absences(of: AttentionSequence, value: number | undefined): string[] {
  const characters = { masked: "x", missing: "?", hidden: "h" };
  const character = (dest: number, src: number) => {
    const absence = absenceOf(of, { dest, src }, value);
    return absence ? characters[absence] : "-";
  };
  return [0, 1, 2].map((dest) => [0, 1, 2, 3].map((src) => character(dest, src)).join(""));
}

describe("a cell without a value", () => {
  test("is masked right of the shifted diagonal of a causal layout, else it is missing", () => {
    expect(absences(sequence("causal"), NaN)).toEqual(["??xx", "???x", "????"]);
  });

  test("is masked right of its destination's position where only some rows are shown", () => {
    expect(absences(sequence("full", [0, 2, 3]), NaN)).toEqual(["?xxx", "???x", "????"]);
  });

  test("is missing, never masked, where nothing shows a causal mask", () => {
    expect(absences(sequence("full"), NaN)).toEqual(["????", "????", "????"]);
  });
});

test("a value of zero is a value: a bidirectional cell is not masked, however late its source", () => {
  for (const positions of [null, [0, 2, 3]])
    expect(absences(sequence("full", positions), 0)).toEqual(["----", "----", "----"]);
  const { sequences } = heads("small-bidirectional");
  for (const cell of [
    { dest: 0, src: 16 },
    { dest: 16, src: 0 },
  ])
    expect(absenceOf(sequences[0]!, cell, 0)).toBeNull();
});

test("before a value is decoded, only the cells that a causal layout leaves out are masked", () => {
  expect(absences(sequence("causal"), undefined)).toEqual(["--xx", "---x", "----"]);
  expect(absences(sequence("full", [0, 2, 3]), undefined)).toEqual(["----", "----", "----"]);
});

test("a row of the preview reaches as far as the last of its destinations", () => {
  expect([0, 1].map((row) => lastPreviewColumn(sequence("causal"), row))).toEqual([1, 1]);
  expect([0, 1].map((row) => lastPreviewColumn(sequence("full", [0, 1, 3]), row))).toEqual([0, 1]);
});

test.each(WITH_HEADS)("in %s every destination can attend to itself or to all sources", (name) => {
  for (const of of heads(name).sequences) {
    const [, dests = 0, sources = 0] = of.attention.shape;
    const last = Array.from({ length: dests }, (_, dest) => lastSource(of, dest));
    expect(Math.max(...last)).toBeLessThan(sources);
    expect(Math.min(...last)).toBeGreaterThanOrEqual(0);
  }
});
