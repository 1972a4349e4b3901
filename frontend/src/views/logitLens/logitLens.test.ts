import { fireEvent, render, screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { figureOf } from "../../../test/fixtures";
import { unpack } from "../../color/color";
import { paletteOf } from "../../color/palette";
import type { LogitLensProps } from "../../props";
import { scaleOf, VALUES, valueOf } from "./coloring";
import { wholeSize } from "./grid";
import { LensSource } from "./lensSource";
import { LensState } from "./lensState.svelte";
import LogitLens from "./LogitLens.svelte";
import { gridScene } from "./scene";
import { allCells, shownTable } from "./table";

function props(name: string): LogitLensProps {
  return figureOf("LogitLens", name).props;
}

describe.each(["lens", "lens-batch", "lens-1-token", "lens-no-targets", "lens-500-tokens"])(
  "the numbers of %s",
  (name) => {
    test("are consistent in every cell", async () => {
      const shown = props(name);
      for (const sequence of shown.sequences) {
        const source = new LensSource(sequence, shown);
        expect(source.guesses(0, 0)).toEqual([]);
        await source.loadAll();
        for (let stage = 0; stage < shown.stages.length; stage++) {
          for (let position = 0; position < sequence.tokens.length; position++) {
            const guesses = source.guesses(stage, position);
            const { logProb: bound } = source.bounds;
            expect(guesses).toHaveLength(shown.k);
            expect(new Set(guesses.map(({ token }) => token)).size).toBe(shown.k);
            const probabilities = guesses.map(({ logProb }) => logProb);
            expect([...probabilities].sort((a, b) => b - a)).toEqual(probabilities);
            const target = sequence.targets[position]!;
            const [rank, logProb] = [source.rank(stage, position), source.targetLogProb(stage, position)];
            const place = guesses.findIndex(({ token }) => token === target);
            if (target < 0) expect([rank, logProb]).toEqual([NaN, NaN]);
            else if (place >= 0) {
              expect(rank).toBe(place + 1);
              expect(Math.abs(logProb - probabilities[place]!)).toBeLessThanOrEqual(2 * bound);
            } else {
              expect(rank).toBeGreaterThan(shown.k);
              expect(logProb).toBeLessThanOrEqual(probabilities[shown.k - 1]! + 2 * bound);
            }
            expect(source.entropy(stage, position)).toBeLessThanOrEqual(Math.log(shown.dVocab) + 1e-6);
            expect(source.divergence(stage, position)).toBeLessThanOrEqual(
              shown.largestDivergence * (1 + 1e-5),
            );
            if (stage === shown.stages.length - 1) expect(source.divergence(stage, position)).toBe(0);
          }
        }
      }
    });
  },
);

test("a block that is asked for twice is decoded once, and others are not", async () => {
  const shown = props("lens-500-tokens");
  const source = new LensSource(shown.sequences[0]!, shown);
  await Promise.all([source.load(2), source.load(2)]);
  expect([0, 1, 2, 3].map((block) => source.has(block * source.size))).toEqual([false, false, true, false]);
  expect([source.has(2 * source.size - 1), source.has(3 * source.size - 1)]).toEqual([false, true]);
});

describe("colors", () => {
  test("of ranks are strongest for the likeliest token, as those of its probability", () => {
    const palette = paletteOf("light");
    const [rank, probability] = [
      scaleOf(props("lens"), "rank", palette),
      scaleOf(props("lens"), "top", palette),
    ];
    expect([rank.pixel(1), rank.pixel(1000)]).toEqual([probability.pixel(1), probability.pixel(0)]);
  });

  test("end at certainty, at the entropy of equal chances and at the largest divergence", () => {
    const shown = props("lens");
    const ends = VALUES.map(({ value }) =>
      Number(scaleOf(shown, value, paletteOf("light")).ticks().at(-1)!.value),
    );
    expect(ends).toEqual([1, 1, shown.dVocab, Math.log(shown.dVocab), shown.largestDivergence]);
  });

  test("of cells are those of their values", async () => {
    const lens = new LensState(props("lens"));
    await lens.choose(0);
    const part = {
      rows: lens.rows,
      cols: lens.cols,
      frame: wholeSize(lens.rows, lens.cols),
      scroll: { left: 0, top: 0 },
    };
    for (const { value } of VALUES) {
      lens.value = value;
      const scale = scaleOf(lens.props, value, paletteOf("light"));
      const { cells } = gridScene(lens, part, scale);
      expect(cells).toHaveLength(lens.rows * lens.cols);
      for (const { row, col, color, hit, token } of cells) {
        const stage = lens.rows - 1 - row;
        expect(color).toEqual(unpack(scale.pixel(valueOf(lens.source, value, stage, col))));
        expect(token).toBe(lens.source.top(stage, col));
        expect(hit).toBe(lens.source.rank(stage, col) === 1);
      }
    }
  });
});

describe("the view", () => {
  test("pins what the figure's focus names, and another sequence keeps it where it can", async () => {
    const lens = new LensState(props("lens-batch"));
    expect([lens.chosen, lens.choice.pinned]).toEqual([1, { row: 2, col: 3 }]);
    await lens.choose(0);
    expect(lens.choice.pinned).toEqual({ row: 2, col: 3 });
    await lens.choose(2);
    expect(lens.choice.pinned).toBeNull();
  });

  test("moves its cell by keys, pins it by Enter, and says what it is", async () => {
    render(LogitLens, { props: { props: props("lens"), theme: "light", room: 900 } });
    const grid = await screen.findByTestId("lens-grid");
    const status = screen.getByTestId("status");
    await fireEvent.keyDown(grid, { key: "ArrowDown" }); // shows where the cursor is
    expect(status.textContent).toMatch(/^\s*final_post at position/);
    await fireEvent.keyDown(grid, { key: "ArrowDown" });
    await fireEvent.keyDown(grid, { key: "Home" });
    expect(status.textContent).toMatch(/^\s*5_pre at position 0 /);
    await fireEvent.keyDown(grid, { key: "Enter" });
    expect(status.textContent).toMatch(
      /^\s*Pinned; Esc or click to release\. 5_pre at position 0 .*top token .*rank \d+; entropy/,
    );
    await fireEvent.keyDown(grid, { key: "PageDown" });
    expect(status.textContent).toContain("0_pre at position 0");
    await fireEvent.keyDown(grid, { key: "Escape" });
    await fireEvent.blur(grid);
    expect(status.textContent).toContain("Hover a cell");
  });

  test("offers no colors and no chart of targets where there are none", async () => {
    render(LogitLens, { props: { props: props("lens-no-targets"), theme: "dark", room: 900 } });
    const switches = await screen.findByTestId("coloring");
    expect([...switches.querySelectorAll("label")].map((label) => label.textContent?.trim())).toEqual([
      "top token",
      "entropy",
      "KL",
    ]);
    expect(screen.queryByTestId("path")).toBeNull();
  });

  test("has tables for readers and files with every number", async () => {
    const lens = new LensState(props("lens-batch"));
    const sources = await lens.loadAll();
    const all = [...allCells(lens, sources)!.rows];
    const cells = lens.sequences.reduce((sum, { tokens }) => sum + tokens.length * lens.rows, 0);
    expect(all).toHaveLength(cells);
    expect(shownTable(lens).rows.map(({ name }) => name)).toEqual([...lens.props.stages].reverse());
    lens.choice.release();
    expect(shownTable(lens).rows).toHaveLength(lens.cols);
  });
});
