import { describe, expect, test } from "vitest";
import { emptyPicture, fakePen } from "../../../test/pen";
import { paletteOf } from "../../color/palette";
import { ColorScale } from "../../color/scale";
import { plainMatrix } from "../../data/matrix";
import { lineEnd, layOutHeads } from "./headsLayout";
import { type DrawnHead, linesOfHead, linesOfToken, strongestLines } from "./headLines";
import { columnOf, ROW } from "./layout";
import { type HeadsScene, paintHeads } from "./paintHeads";

const N = 30;
const HEIGHT = 10 * ROW;
const TOKENS = Array.from({ length: N }, (_, i) => `t${i}`);
const INK = { text: "text", quiet: "quiet", accent: "accent", hover: "hover", ring: "ring" };
const SCALE = new ColorScale([0, 1], paletteOf("light"));
const ALL = { dest: () => true, src: () => true, all: true };

/** A head in which every query attends to one source, `value` strong. */
function head(index: number, source: number, value: number): DrawnHead {
  const values = new Float64Array(N * N).map((_, cell) => (cell % N === source ? value : 0));
  const matrix = plainMatrix(values, N, N);
  return { head: index, matrix, lines: matrix, hidden: null, weights: null, hue: [index, 0, 0], bound: 0 };
}
const HEADS = [head(4, 1, 1), head(5, 2, 0.5), head(6, 25, 1)];

function painted(some: Partial<HeadsScene> = {}) {
  const layout = layOutHeads({ available: 900, destRoom: 80, srcRoom: 80, heads: 3 });
  const { dest = null, src = null, ends = ALL, heads = HEADS } = some;
  const lines =
    dest === null && src === null
      ? strongestLines(
          heads.map((one) => linesOfHead(one, SCALE)),
          N,
          () => true,
          1e6,
        ).lines
      : linesOfToken(heads, SCALE, { dest, src: dest === null ? src : null }, ends);
  const scene: HeadsScene = {
    layout,
    width: layout.width,
    height: HEIGHT,
    top: 0,
    ink: INK,
    destTokens: TOKENS,
    destPositions: null,
    srcTokens: TOKENS,
    heads,
    scale: SCALE,
    ends,
    lines,
    dest,
    src,
    pinned: false,
    emphasised: null,
    ...some,
  };
  const picture = emptyPicture();
  paintHeads(fakePen(picture), scene);
  const blocks = (part: "destHeads" | "srcHeads") => {
    const column = columnOf(layout, part)!;
    return picture.rectangles.filter(
      ({ x, height }) => height < ROW && x >= column.x && x < column.x + column.width,
    );
  };
  return { layout, picture, blocks };
}

describe("lines of several heads", () => {
  test("have their head's hue, are as opaque as its value, and lie apart within a row", () => {
    const { picture } = painted({ dest: 3 });
    const lines = picture.strokes.map(({ color, alpha, points }) => [color, alpha, points[1]?.[1]]);
    expect(lines).toHaveLength(3);
    expect(lines).toContainEqual(["rgb(4 0 0)", 1, ROW + lineEnd(0, 3)]);
    expect(lines).toContainEqual(["rgb(5 0 0)", 0.5, 2 * ROW + lineEnd(1, 3)]);
    expect(lines).toContainEqual(["rgb(6 0 0)", 1, 25 * ROW + lineEnd(2, 3)]);
  });

  test("go from every query where no token is chosen", () => {
    expect(painted().picture.strokes).toHaveLength(3 * N);
  });

  test("stay in front of the others where their head stands out", () => {
    const { picture } = painted({ dest: 3, emphasised: 5 });
    const opacity = Object.fromEntries(picture.strokes.map(({ color, alpha }) => [color, alpha]));
    expect(opacity["rgb(5 0 0)"]).toBe(0.5);
    expect(opacity["rgb(4 0 0)"]).toBeLessThan(0.2);
  });

  test("start at the edge where their query is scrolled out of sight", () => {
    const { picture } = painted({ dest: 3, top: 12 * ROW });
    for (const { points } of picture.strokes) expect(points[0]?.[1]).toBeLessThan(ROW);
    expect(picture.texts.some(({ text, y }) => text === "t3" && y < ROW)).toBe(true);
  });

  test("end within their row, those of few heads at different heights", () => {
    for (const heads of [1, 2, 12, 144]) {
      const ends = Array.from({ length: heads }, (_, at) => lineEnd(at, heads));
      expect(Math.min(...ends)).toBeGreaterThan(2);
      expect(Math.max(...ends)).toBeLessThan(ROW - 2);
      if (heads <= 12) expect(new Set(ends).size).toBe(heads);
    }
  });
});

describe("blocks", () => {
  test("are beside the sources of a query, one for each head that attends to them", () => {
    const { blocks } = painted({ dest: 3 });
    expect(blocks("srcHeads").map(({ y, color }) => [Math.floor(y / ROW), color])).toEqual([
      [1, "rgb(4 0 0)"],
      [2, "rgb(5 0 0)"],
    ]); // source 25 is out of sight
    expect(blocks("destHeads")).toEqual([]);
  });

  test("are beside the queries of a source", () => {
    const { blocks } = painted({ src: 2 });
    expect(blocks("destHeads").map(({ y }) => Math.floor(y / ROW))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(blocks("srcHeads")).toEqual([]);
  });

  test("leave out tokens that are filtered out, which are faint", () => {
    const ends = { dest: () => true, src: (src: number) => src !== 1, all: false };
    const { blocks, picture } = painted({ dest: 3, ends });
    expect(blocks("srcHeads")).toHaveLength(1);
    const source = picture.texts.filter(({ text, x }) => text === "t1" && x > 400);
    expect(source.map(({ alpha }) => alpha < 0.5)).toEqual([true]);
  });
});

describe("the layout of several heads", () => {
  test("fits where there is room, and its columns do not overlap", () => {
    for (const available of [340, 700, 1400]) {
      for (const heads of [1, 12, 144]) {
        const { columns, width } = layOutHeads({ available, destRoom: 90, srcRoom: 120, heads });
        expect(width).toBeLessThanOrEqual(available);
        columns
          .slice(1)
          .forEach(({ x }, i) => expect(x).toBeGreaterThan((columns[i]?.x ?? 0) + (columns[i]?.width ?? 0)));
      }
    }
  });
});
