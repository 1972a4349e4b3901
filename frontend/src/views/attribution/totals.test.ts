import { describe, expect, test } from "vitest";
import { figureOf } from "../../../test/fixtures";
import type { AttributionViewProps } from "../../props";
import { AttributionState } from "./attributionState.svelte";
import { barsOf, loadTotals, totalOf } from "./totals";
import { describeCell, describeDest, describeTarget } from "./descriptions";

const VALUES = [1, -5, 0.02, 3, -0.04];

describe("bars", () => {
  test("are the largest by magnitude, and say how many are left out", () => {
    const { bars, hidden } = barsOf(VALUES, { order: "size", count: 3, hideSmall: false });
    expect(bars.map(({ component }) => component)).toEqual([1, 3, 0]);
    expect(hidden).toBe(2);
  });

  test("may stand as in the model: the same ones, in its order", () => {
    const { bars } = barsOf(VALUES, { order: "model", count: 3, hideSmall: false });
    expect(bars.map(({ component }) => component)).toEqual([0, 1, 3]);
  });

  test("near zero can be hidden: those below a hundredth of the largest", () => {
    const { bars } = barsOf(VALUES, { order: "size", count: null, hideSmall: true });
    expect(bars.map(({ component }) => component)).toEqual([1, 3, 0]);
  });

  test("of nothing are none", () => {
    expect(barsOf([], { order: "size", count: 12, hideSmall: true })).toEqual({ bars: [], hidden: 0 });
  });
});

const NAMES = [
  "attribution-small",
  "attribution-144-heads",
  "attribution-1-destination",
  "attribution-3-destinations",
  "attribution-batch",
];

function props(name: string): AttributionViewProps {
  return figureOf("AttributionView", name).props;
}

async function opened(name: string): Promise<AttributionState> {
  const view = new AttributionState(props(name), () => "light");
  await view.open();
  return view;
}

test.each(NAMES)("in %s all components are the logit, at each destination and over all", async (name) => {
  const { heads, parts, sequences } = props(name);
  for (const sequence of sequences) {
    const { components, whole } = await loadTotals(sequence);
    const dests: (number | null)[] = [null, ...sequence.destTokens.keys()];
    for (const dest of dests) {
      let sum = 0;
      for (let i = 0; i < heads.length + parts.length; i++) sum += totalOf(components, i, dest);
      expect(sum).toBeCloseTo(totalOf(whole, 0, dest), 3);
    }
  }
});

test.each(NAMES)("in %s a head's total is the sum over its sources", async (name) => {
  const view = await opened(name);
  for (const head of [0, view.props.heads.length - 1]) {
    const matrix = await view.source.load(head);
    view.selection.token.pinned = view.source.dest - 1;
    let sum = 0;
    for (let src = 0; src < view.source.src; src++) {
      const value = matrix.at(view.source.dest - 1, src);
      if (!Number.isNaN(value)) sum += value;
    }
    expect(Math.abs(sum - (view.values[head] ?? NaN))).toBeLessThan(
      view.source.src * view.errorBound(head) + 1e-6,
    );
  }
});

test("the sum of all heads is at each cell the sum of all heads, and blank where the source is later", async () => {
  const view = await opened("attribution-3-destinations");
  await view.addUp();
  const matrices = await Promise.all(view.props.heads.map((_, head) => view.source.load(head)));
  for (let dest = 0; dest < view.source.dest; dest++)
    for (let src = 0; src < view.source.src; src++) {
      const want = matrices.reduce((sum, matrix) => sum + matrix.at(dest, src), 0);
      const got = view.headSum?.at(dest, src) ?? Infinity;
      expect(Number.isNaN(got)).toBe(src > (view.source.props.destPositions?.[dest] ?? -1));
      if (!Number.isNaN(got)) expect(Math.abs(got - want)).toBeLessThan(1e-6);
    }
});

test("one scale serves all heads; what is larger, or a component's own, has its own", async () => {
  const view = await opened("attribution-small");
  expect(view.scaleEnd(0)).toBe(view.scaleEnd(1));
  view.ownScale = true;
  const [first, second] = [await view.source.load(0), await view.source.load(1)];
  expect(first).not.toBe(second);
  expect(view.scaleEnd(0)).not.toBe(view.scaleEnd(1));
});

test("a picture of one sign leaves the other neutral", async () => {
  const view = await opened("attribution-small");
  await view.source.load(0);
  const [all, positive, negative] = (["both", "positive", "negative"] as const).map((sign) =>
    view.picture(0, sign),
  );
  const matrix = view.matrix(0);
  const zero = (255 << 24) | 0xffffff;
  for (let dest = 0; dest < view.source.dest; dest++)
    for (let src = 0; src <= dest; src++) {
      const at = dest * view.source.src + src;
      const up = (matrix?.at(dest, src) ?? 0) > 0;
      expect((up ? positive : negative)?.pixels[at]).toBe(all?.pixels[at]);
      expect((up ? negative : positive)?.pixels[at]).toBe(zero >>> 0);
    }
});

test("words name the logit, the destination by its own position, and parts without a source", async () => {
  const view = await opened("attribution-3-destinations");
  await view.source.load(0);
  view.selection.token.pinned = 1;
  expect(describeTarget(view)).toBe("Logit of ·Mary − John at 3 ·and");
  expect(describeCell(view, { dest: 1, src: 2 }, 0)).toMatch(
    /^Head 0\.0, destination 3 ·and from source 2 ·Mary: -?\d/,
  );
  expect(describeCell(view, { dest: 1, src: 9 }, 0)).toContain("masked");
  expect(describeCell(view, { dest: 0, src: 0 }, view.props.heads.length)).toMatch(
    /^embed, destination 14 ·to: -?\d/,
  );
  expect(describeDest(view, 1, 0)).toMatch(/^Head 0\.0 at 3 ·and: most from /);
});
