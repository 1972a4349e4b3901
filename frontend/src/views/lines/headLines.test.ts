import { describe, expect, test } from "vitest";
import { paletteOf } from "../../color/palette";
import { ColorScale } from "../../color/scale";
import { Matrix, plainMatrix } from "../../data/matrix";
import {
  type DrawnHead,
  linesOfHead,
  linesOfToken,
  strongestLines,
  strongestOf,
  valuesAt,
} from "./headLines";
import { LEVELS } from "./paintLines";

const SCALE = new ColorScale([-1, 1], paletteOf("light"));
const ALL = { dest: () => true, src: () => true, all: true };
const everywhere = () => true;

function head(values: number[][], weights: number[] | null = null): DrawnHead {
  const cols = values[0]?.length ?? 0;
  const matrix = plainMatrix(Float64Array.from(values.flat()), values.length, cols);
  return {
    head: 0,
    matrix,
    lines: matrix,
    hidden: null,
    weights: weights && Float32Array.from(weights),
    hue: [0, 0, 0],
    bound: 0,
  };
}

function random(rows: number, cols: number, seed: number): number[][] {
  let state = seed;
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
  return Array.from({ length: rows }, () =>
    Array.from({ length: cols }, () => (next() < 0.1 ? NaN : 2 * next() - 1)),
  );
}
const HEADS = [head(random(9, 7, 3)), head(random(9, 7, 4)), head(random(9, 7, 5))];
const LINES = HEADS.map((one) => linesOfHead(one, SCALE));

describe("the lines of a head", () => {
  test("are those of all cells that are strong enough to be seen, at the opacity of their magnitude", () => {
    const values = [
      [0.5, -1, 0.02],
      [NaN, 0, 2],
    ];
    const { positive, negative } = linesOfHead(head(values), SCALE);
    const placed = (levels: Uint32Array[]) =>
      levels.flatMap((cells, level) => [...cells].map((cell) => [cell, level]));
    expect(placed(positive)).toEqual([
      [0, LEVELS / 2 - 1],
      [5, LEVELS - 1],
    ]);
    expect(placed(negative)).toEqual([[1, LEVELS - 1]]);
  });

  test("are those of all cells whose opacity is at least half a step, whatever the transform", () => {
    for (const transform of ["linear", "sqrt", "log"] as const) {
      const scale = new ColorScale([-1, 1], paletteOf("light"), { transform });
      const values = random(9, 7, 8).map((row) => row.map((value) => value ** 7)); // small ones too
      const want = values.flat().filter((value) => Math.round(scale.strength(value) * LEVELS) >= 1).length;
      const { positive, negative } = linesOfHead(head(values), scale);
      expect([...positive, ...negative].reduce((sum, cells) => sum + cells.length, 0)).toBe(want);
    }
  });

  test("follow the weights, and leave out sources whose weight is unknown", () => {
    const { positive } = linesOfHead(head([[0.5, 0.5, 0.5]], [1, 0, NaN]), SCALE);
    expect(positive.flatMap((cells) => [...cells])).toEqual([0]);
  });

  test("of a causal matrix are where its values are", () => {
    const codes = Uint16Array.from([9, 0, 9, 9, 0, 9]); // rows of 1, 2 and 3 sources
    const matrix = new Matrix(codes, 3, 3, true, 0.1, 0, 65535);
    const { positive } = linesOfHead({ ...head([[0]]), lines: matrix }, SCALE);
    expect(positive.flatMap((cells) => [...cells])).toEqual([0, 4, 6, 8]);
  });
});

describe("the strongest lines", () => {
  test("are all lines if they are few, the faintest first", () => {
    const { lines, left } = strongestLines(LINES, 7, everywhere, 1e6);
    const all = LINES.flatMap(({ positive, negative }) => [...positive, ...negative]);
    expect(lines).toHaveLength(all.reduce((sum, cells) => sum + cells.length, 0));
    expect(left).toBe(0);
    expect(lines.map(({ level }) => level)).toEqual(lines.map(({ level }) => level).sort((a, b) => a - b));
  });

  test("are as many whole steps of opacity as fit, and the others are counted", () => {
    const all = strongestLines(LINES, 7, everywhere, 1e6).lines;
    for (const most of [5, 20, 60]) {
      const { lines, left, level } = strongestLines(LINES, 7, everywhere, most);
      expect(lines.length).toBeLessThanOrEqual(most);
      expect(lines).toEqual(all.filter((line) => line.level >= level));
      expect(lines.length + left).toBe(all.length);
    }
  });

  test("are at least those of the strongest step", () => {
    const { lines, left } = strongestLines([linesOfHead(head([[1, 1, 1]]), SCALE)], 3, everywhere, 2);
    expect([lines.length, left]).toEqual([3, 0]);
  });

  test("are only those in sight", () => {
    const { lines } = strongestLines(LINES, 7, (dest, src) => dest === 2 && src > 3, 1e6);
    expect(lines.every(({ dest, src }) => dest === 2 && src > 3)).toBe(true);
    expect(lines.length).toBeGreaterThan(0);
  });
});

describe("one token", () => {
  test("has the lines that the picture of all has there", () => {
    const all = strongestLines(LINES, 7, everywhere, 1e6).lines;
    const key = ({ at, dest, src, level, negative }: (typeof all)[number]) =>
      `${at} ${dest} ${src} ${level} ${negative}`;
    for (const token of [
      { dest: 4, src: null },
      { dest: null, src: 2 },
    ]) {
      const lines = linesOfToken(HEADS, SCALE, token, ALL);
      const here = all.filter(({ dest, src }) => dest === token.dest || src === token.src);
      expect(new Set(lines.map(key))).toEqual(new Set(here.map(key)));
    }
  });

  test("has no lines that are filtered out", () => {
    const ends = { dest: (dest: number) => dest > 3, src: (src: number) => src < 2, all: false };
    expect(linesOfToken(HEADS, SCALE, { dest: 3, src: null }, ends)).toEqual([]);
    expect(linesOfToken(HEADS, SCALE, { dest: 5, src: null }, ends).every(({ src }) => src < 2)).toBe(true);
    expect(linesOfToken([], SCALE, { dest: 5, src: null }, ends)).toEqual([]);
  });
});

describe("the values of a token", () => {
  test("at a source are sorted by magnitude, without heads that have none", () => {
    const heads = [head([[0.1]]), head([[NaN]]), head([[-0.7]]), head([[0.3]])];
    expect(valuesAt(heads, 0, 0).map(({ at, value }) => [at, value])).toEqual([
      [2, -0.7],
      [3, 0.3],
      [0, 0.1],
    ]);
  });

  test("are each head's largest over its other tokens, as a search over all cells finds them", () => {
    for (const dest of [0, 5, 8]) {
      for (const { at, value, src } of strongestOf(HEADS, { dest, src: null }, ALL)) {
        const matrix = (HEADS[at] as DrawnHead).matrix;
        const row = Array.from({ length: 7 }, (_, i) => matrix.at(dest, i)).filter((x) => !Number.isNaN(x));
        expect(Math.abs(value)).toBe(Math.max(...row.map(Math.abs)));
        expect(matrix.at(dest, src)).toBe(value);
      }
    }
    const [first] = strongestOf([head([[0.1], [0.9], [0.5]])], { dest: null, src: 0 }, ALL);
    expect(first).toEqual({ at: 0, value: 0.9, dest: 1, src: 0 });
  });
});
