import { describe, expect, test } from "vitest";
import { emptyPicture, fakePen, type Picture } from "../../../test/pen";
import { Matrix } from "../../data/matrix";
import { Vectors } from "../../data/vectors";
import { paletteOf } from "../../color/palette";
import type { Computation } from "../../props";
import type { HeadComputation } from "./computation";
import { columnOf, layOut, ROW } from "./layout";
import { paint, queryY } from "./paint";
import { visibleLines } from "./paintLines";
import { queryNumbers } from "./queryNumbers";
import { colorScales, scaleEnds } from "./colorScales";
import type { Scene } from "./scene";

const N = 40;
const HEIGHT = 10 * ROW;
const TOKENS = Array.from({ length: N }, (_, i) => `t${i}`);
const INK = { text: "text", quiet: "quiet", accent: "accent", hover: "hover", ring: "ring" };

/** Query i attends to source 0 with 0.75 and to itself with 0.25; causal. */
const computation: HeadComputation = (() => {
  const codes: number[] = [];
  for (let dest = 0; dest < N; dest++)
    for (let src = 0; src <= dest; src++) codes.push(src === 0 ? 75 : src === dest ? 25 : 0);
  const attention = new Matrix(Uint16Array.from(codes), N, N, true, 0.01, 0, 65535);
  const vectors = new Vectors(
    new Uint16Array(4 * N).fill(120),
    N,
    4,
    new Array<number>(N).fill(0.1),
    100,
    0.51,
  );
  const props = { kind: "product", description: "", divisor: 2 } as Computation;
  return { props, attention, queries: vectors, keys: vectors, dot: attention, addedTerm: null };
})();

function scene(some: Partial<Scene> & { dest?: number } = {}): Scene {
  const { dest, ...rest } = some;
  const layout = layOut({
    available: 1000,
    destRoom: 80,
    srcRoom: 80,
    dHead: 4,
    kind: "product",
    addedTerm: false,
    weighted: false,
    expanded: true,
  });
  return {
    layout,
    width: layout.width,
    height: HEIGHT,
    top: 0,
    ink: INK,
    destTokens: TOKENS,
    destPositions: null,
    srcTokens: TOKENS,
    computation,
    weights: null,
    scales: colorScales([0, 1], scaleEnds(computation), paletteOf("light")),
    ends: { dest: () => true, src: () => true, all: true },
    order: TOKENS.map((_, i) => i),
    numbers: dest === undefined ? null : queryNumbers(computation, null, dest),
    pinned: false,
    src: null,
    dim: null,
    bounds: { dot: 1e-6, addedTerm: 0, probability: 1e-6, weighted: 1e-6 },
    ...rest,
  };
}

function painted(shown: Scene): Picture {
  const picture = emptyPicture();
  paint(fakePen(picture), shown);
  return picture;
}

const inColumn = (picture: Picture, shown: Scene, part: "dot" | "probability" | "src") => {
  const column = columnOf(shown.layout, part)!;
  return picture.texts.filter(({ x }) => x > column.x - 1 && x <= column.x + column.width);
};

describe("lines", () => {
  test("go from every query to each source it attends to, as opaque as its attention, where nothing is chosen", () => {
    const { lines } = visibleLines(scene({ height: N * ROW }));
    const opacities = lines.flatMap((level, step) => level.map(() => (step + 1) / lines.length));
    expect(opacities.filter((opacity) => Math.abs(opacity - 0.75) < 0.03)).toHaveLength(N); // query 0 too: 0.75 to itself
    expect(opacities.filter((opacity) => Math.abs(opacity - 0.25) < 0.03)).toHaveLength(N - 1);
  });

  test("start at the query that is shown, and only there", () => {
    const { lines } = visibleLines(scene({ dest: 4 }));
    expect(lines.flat()).toEqual([
      { from: 4.5 * ROW, to: 4.5 * ROW },
      { from: 4.5 * ROW, to: 0.5 * ROW },
    ]);
  });

  test("end at the source that is pointed at where no query is", () => {
    const { lines } = visibleLines(scene({ src: 3, height: N * ROW }));
    expect(lines.flat()).toEqual([{ from: 3.5 * ROW, to: 3.5 * ROW }]);
  });

  test("with both ends out of sight on the same side are left out", () => {
    const { lines } = visibleLines(scene({ top: 20 * ROW }));
    for (const { from, to } of lines.flat()) {
      expect(Math.max(from, to)).toBeGreaterThanOrEqual(0);
      expect(Math.min(from, to)).toBeLessThanOrEqual(HEIGHT);
    }
  });

  test("end where the order of the sources has them", () => {
    const order = [...TOKENS.keys()].reverse();
    const { lines } = visibleLines(scene({ dest: 4, order, height: N * ROW }));
    expect(lines.flat().map(({ to }) => to / ROW - 0.5)).toEqual([N - 1 - 4, N - 1]);
  });
});

describe("the picture", () => {
  test("has numbers of the query that is shown, in their columns and rows", () => {
    const shown = scene({ dest: 4 });
    const picture = painted(shown);
    expect(inColumn(picture, shown, "probability").map(({ text }) => text)).toEqual([
      "0.750",
      "0.000",
      "0.000",
      "0.000",
      "0.250",
    ]);
    expect(inColumn(picture, shown, "dot").map(({ y }) => Math.floor(y / ROW))).toEqual([0, 1, 2, 3, 4]);
  });

  test("leaves masked sources blank: no number, no strip, a faint token", () => {
    const shown = scene({ dest: 4 });
    const picture = painted(shown);
    const k = columnOf(shown.layout, "k")!.x;
    expect(picture.strips.filter(({ x, alpha }) => x === k && alpha > 0)).toHaveLength(5);
    const tokens = inColumn(picture, shown, "src").filter(({ text }) => text.startsWith("t"));
    expect(tokens.map(({ alpha }) => alpha < 0.5)).toEqual(tokens.map((_, i) => i > 4));
  });

  test("has no product and no numbers where no query is shown", () => {
    const shown = scene();
    const picture = painted(shown);
    expect(inColumn(picture, shown, "dot")).toEqual([]);
    expect(picture.strips.some(({ x }) => x === columnOf(shown.layout, "product")!.x)).toBe(false);
  });

  test("holds only the rows in sight, however long the sequence", () => {
    const picture = painted(scene({ top: 12 * ROW + 5 }));
    for (const { y } of picture.texts) {
      expect(y).toBeGreaterThan(-ROW);
      expect(y).toBeLessThan(HEIGHT + ROW);
    }
  });

  test("keeps the query that is shown in sight when it is scrolled out", () => {
    for (const top of [0, 5 * ROW, 30 * ROW]) {
      const shown = scene({ dest: 20, top });
      const y = queryY(shown, 20);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(HEIGHT - ROW);
      const token = painted(shown).texts.find(
        ({ text, x }) => text === "t20" && x < columnOf(shown.layout, "lines")!.x,
      );
      expect(token?.y).toBeGreaterThan(y);
      expect(token?.y).toBeLessThan(y + ROW);
    }
  });
});
