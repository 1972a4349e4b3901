/** The lines of several heads, strongest first. Most cells are too weak for a line, so those that are not are found once. Pure. */
import type { Rgb } from "../../color/color";
import type { ColorScale } from "../../color/scale";
import { largestByMagnitude } from "../../data/largest";
import type { Matrix } from "../../data/matrix";
import { valueAt, type Weights } from "../../data/weights";
import type { Ends } from "./lineFilter";
import { LEVELS, levelOf } from "./paintLines";

/** A head that is drawn. */
export interface DrawnHead {
  head: number;
  /** The values that are written. */
  matrix: Matrix;
  /** The values that have lines: without those of hidden sources. */
  lines: Matrix;
  /** Marks of hidden sources; null for none. */
  hidden: Uint8Array | null;
  weights: Weights | null;
  hue: Rgb;
  /** Largest possible error of its values. */
  bound: number;
}

/** Cells (dest * sources + src) of one head that have a line, by step of opacity from the faintest to the strongest. */
export interface HeadLines {
  positive: Uint32Array[];
  negative: Uint32Array[];
}

/** All lines of a head. */
export function linesOfHead({ lines: matrix, weights }: DrawnHead, scale: ColorScale): HeadLines {
  const found = [1, -1].map(() => Array.from({ length: LEVELS }, (): number[] => []));
  const weakest = scale.magnitude(0.5 / LEVELS); // a call for every cell would take most of the time
  const { codes, zero, missing, rows, cols } = matrix;
  for (let dest = 0; dest < rows; dest++) {
    const start = matrix.rowStart(dest);
    for (let src = 0; src < matrix.rowLength(dest); src++) {
      const code = codes[start + src] as number;
      if (code === missing) continue;
      const value = (code - zero) * matrix.scale * (weights ? (weights[src] as number) : 1);
      if (!(Math.abs(value) >= weakest)) continue; // also where the weight is unknown
      found[value < 0 ? 1 : 0]?.[levelOf(scale, value)]?.push(dest * cols + src);
    }
  }
  const [positive = [], negative = []] = found.map((levels) =>
    levels.map((cells) => Uint32Array.from(cells)),
  );
  return { positive, negative };
}

/** A line by its cell, with its head as an index into the heads drawn. */
export interface HeadLine {
  at: number;
  dest: number;
  src: number;
  level: number;
  negative: boolean;
}

/** Lines to draw, the faintest first, so that strong ones cover them; and how many weaker ones are left out. */
export interface Chosen {
  lines: HeadLine[];
  left: number;
  /** Step of opacity below which lines are left out, if any are. */
  level: number;
}

/**
 * The strongest lines: all of each step of opacity, as long as there are at most `most`.
 * @param visible whether a cell's line is in sight and not filtered out
 */
export function strongestLines(
  heads: HeadLines[],
  cols: number,
  visible: (dest: number, src: number) => boolean,
  most: number,
): Chosen {
  const steps: HeadLine[][] = [];
  let [count, left, level] = [0, 0, 0];
  for (let step = LEVELS - 1; step >= 0; step--) {
    const lines: HeadLine[] = [];
    for (const [at, head] of heads.entries()) {
      for (const negative of [false, true]) {
        for (const cell of (negative ? head.negative : head.positive)[step] ?? []) {
          const [dest, src] = [Math.floor(cell / cols), cell % cols];
          if (visible(dest, src)) lines.push({ at, dest, src, level: step, negative });
        }
      }
    }
    if (left > 0 || (count > 0 && count + lines.length > most)) {
      if (left === 0) level = step + 1;
      left += lines.length;
    } else {
      steps.push(lines);
      count += lines.length;
    }
  }
  return { lines: steps.reverse().flat(), left, level };
}

/** The lines of one query or of one source, the faintest first. */
export function linesOfToken(
  heads: DrawnHead[],
  scale: ColorScale,
  { dest, src }: { dest: number | null; src: number | null },
  ends: Ends,
): HeadLine[] {
  const lines: HeadLine[] = [];
  const [first] = heads;
  if (!first) return lines;
  const { rows, cols } = first.matrix;
  const [dests, sources] = [dest === null ? indices(rows) : [dest], src === null ? indices(cols) : [src]];
  for (const [at, { lines: matrix, weights }] of heads.entries()) {
    for (const d of dests) {
      if (!ends.dest(d)) continue;
      for (const s of sources) {
        const value = valueAt(matrix, weights, d, s);
        const level = levelOf(scale, value);
        if (level >= 0 && ends.src(s)) lines.push({ at, dest: d, src: s, level, negative: value < 0 });
      }
    }
  }
  return lines.sort((a, b) => a.level - b.level);
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** The value of a head at a cell; the cell's other token, where only one is given. */
export interface HeadValue {
  at: number;
  value: number;
  dest: number;
  src: number;
}

/** The value of each head at a cell, the largest magnitude first; heads without a value are left out. */
export function valuesAt(heads: DrawnHead[], dest: number, src: number): HeadValue[] {
  return largestByMagnitude(
    heads.map(({ matrix, weights }, at) => ({ at, value: valueAt(matrix, weights, dest, src), dest, src })),
  );
}

/** The largest value of each head among the lines of a query (or of a source), the largest magnitude first. */
export function strongestOf(
  heads: DrawnHead[],
  { dest, src }: { dest: number; src: null } | { dest: null; src: number },
  ends: Ends,
): HeadValue[] {
  return largestByMagnitude(
    heads.map(({ lines: matrix, weights }, at) => {
      let best: HeadValue = { at, value: NaN, dest: dest ?? 0, src: src ?? 0 };
      for (let other = 0; other < (dest === null ? matrix.rows : matrix.cols); other++) {
        const [d, s] = dest === null ? [other, src] : [dest, other];
        if (!ends.dest(d) || !ends.src(s)) continue;
        const value = valueAt(matrix, weights, d, s);
        if (Number.isNaN(value) || Math.abs(value) <= Math.abs(best.value)) continue;
        best = { at, value, dest: d, src: s };
      }
      return best;
    }),
  );
}
