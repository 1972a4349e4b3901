import { flushSync } from "svelte";
import { expect, test, vi } from "vitest";
import { heads } from "../../../test/fixtures";
import { pack } from "../../color/color";
import { Source } from "../../data/source";
import { valueAt } from "../../data/weights";
import { overviewOf, rankHeads } from "./overview";
import { tokenName } from "../../text/names";
import { AttentionState } from "./attentionState.svelte";
import { pictureOf, thumbnailOf } from "./headPictures";
import { describeCell, describeShown, describeToken } from "./descriptions";
import { describeHidden } from "./describeHidden";

async function opened(name: string): Promise<AttentionState> {
  const state = new AttentionState(heads(name), () => "light");
  await state.open();
  await Promise.all(state.props.heads.map((_, head) => state.source.load(head)));
  return state;
}

test("what is said of a cell is its value under the chosen type", async () => {
  const state = await opened("small-12-heads");
  const source = new Source(heads("small-12-heads").sequences[0]!);
  await source.open();
  const matrix = await source.load(4);
  for (const type of state.types) {
    state.type = type;
    const want = valueAt(matrix, source.weightsOf(type, 4), 3, 1);
    expect(describeCell(state, { dest: 3, src: 1 }, 4)).toContain(want.toFixed(4));
  }
  expect(describeCell(state, { dest: 1, src: 3 }, 4)).toContain("masked, the source is later");
});

test.each(["dest", "src"] as const)(
  "a %s token's line holds the strongest value of each cell",
  async (direction) => {
    const state = await opened("small-signed");
    state.selection.direction = direction;
    const cell = (i: number) => (direction === "dest" ? { dest: 9, src: i } : { dest: i, src: 9 });
    await rankHeads(state, () => false);
    const all = state.valuesOfToken(9, null);
    const ofHead = state.valuesOfToken(9, 2);
    expect(all.length).toBe(17);
    all.forEach(({ head, value }, i) => {
      const values = state.props.heads.map((_, head) => state.value(head, cell(i))!);
      const best = values.filter((x) => !Number.isNaN(x)).sort((x, y) => Math.abs(y) - Math.abs(x))[0];
      if (best === undefined) expect(value).toBeNaN();
      else expect([head, value]).toEqual([values.indexOf(best), Math.fround(best)]);
    });
    ofHead.forEach(({ head, value }, i) => expect([head, value]).toEqual([2, state.value(2, cell(i))]));
  },
);

test("a head that is alone is only named: there is nothing to choose", async () => {
  const state = await opened("small-1-head-5-tokens");
  expect(describeShown(state, 0)).toBe("Head 0");
});

test("a right-to-left token is isolated, so that the number behind it stays there", () => {
  expect(tokenName(["שלום"], 0)).toBe("0 \u2068שלום\u2069");
  expect(tokenName(["a", "é"], 1)).toBe("1 é");
});

test("the strongest heads of a cell are ranked by magnitude, of the sequence and type that are shown", async () => {
  const state = await opened("small-signed");
  const cell = { dest: 2, src: 1 };
  expect(state.topHeads(cell)).toEqual([]);
  expect(describeCell(state, cell, null)).toContain("…");
  await rankHeads(state, () => false);
  const all = state.props.heads.map((_, head) => ({ head, value: state.value(head, cell)! }));
  all.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  expect(state.topHeads(cell).map(({ head }) => head)).toEqual(all.slice(0, 3).map(({ head }) => head));
  state.topHeads(cell).forEach(({ value }, i) => expect(value).toBeCloseTo(all[i]!.value, 6));
  state.type = "value-weighted";
  expect(state.topHeads(cell)).toEqual([]);
});

test("a token's words name what it attends to most, or what attends most to it", async () => {
  const state = await opened("small-12-heads");
  const ranked = state.source.srcTokens.map((_, src) => state.value(0, { dest: 5, src })!);
  const best = ranked.indexOf(Math.max(...ranked.filter((value) => !Number.isNaN(value))));
  expect(describeToken(state, 5, 0)).toMatch(new RegExp(`attends most to ${best} `));
  state.selection.direction = "src";
  expect(describeToken(state, 0, 0)).toContain("is attended to most by");
});

test("the caption of a head tells whether it is pinned", async () => {
  const state = await opened("small-12-heads");
  expect(describeShown(state, null)).toContain("All heads");
  expect(describeShown(state, 2)).toContain("click its thumbnail to pin it");
  state.selection.head.toggle(2);
  expect(describeShown(state, 2)).toContain("pinned");
});

test("hovering previews, a click pins, another releases; while something is pinned hovering changes nothing", async () => {
  const { head } = (await opened("small-12-heads")).selection;
  head.hover(1);
  expect(head.focus).toBe(1);
  head.toggle(1);
  head.hover(5);
  expect(head.focus).toBe(1);
  head.toggle(1);
  expect(head.focus).toBe(5);
  head.clear();
  expect(head.focus).toBeNull();
});

test("head and token stay when the sequence changes, but not a cell that it lacks", async () => {
  const state = await opened("small-batch-dropdown");
  const lengths = state.props.sequences.map((sequence) => sequence.destTokens.length);
  const longest = lengths.indexOf(Math.max(...lengths));
  const shortest = lengths.indexOf(Math.min(...lengths));
  expect(lengths[shortest]).toBeLessThan(lengths[longest]!);
  await state.sequence.choose(longest);
  state.selection.head.toggle(1);
  state.selection.token.toggle(1);
  state.selection.cell.toggle({ dest: lengths[longest]! - 1, src: 0 });
  await state.sequence.choose(shortest);
  expect([state.selection.head.pinned, state.selection.token.pinned, state.selection.cell.pinned]).toEqual([
    1,
    1,
    null,
  ]);
});

test("the last of several quick choices wins", async () => {
  const state = await opened("small-batch-dropdown");
  await Promise.all([state.sequence.choose(1), state.sequence.choose(0), state.sequence.choose(1)]);
  expect(state.source.props).toBe(state.props.sequences[1]);
});

test("a sequence that cannot be decoded says so and leaves the drawn one", async () => {
  const props = heads("small-batch-dropdown");
  props.sequences[1]!.preview!.chunks[0] = "AAAA";
  const state = new AttentionState(props, () => "light");
  await state.sequence.choose(1);
  expect(state.sequence.error).toContain("could not be decoded");
  expect(state.source.props).toBe(props.sequences[0]);
});

test("a head that cannot be decoded is said to be so, and is not asked for again", async () => {
  const props = heads("small-12-heads");
  props.sequences[0]!.attention.chunks[3] = "AAAA";
  const state = new AttentionState(props, () => "light");
  const load = vi.spyOn(Source.prototype, "load");
  const stop = $effect.root(() => {
    $effect(() => void state.sequence.matrix(3));
  });
  await vi.waitFor(() => expect(state.sequence.error).toContain("Head 0.3 could not be decoded"));
  for (let i = 0; i < 5; i++) {
    flushSync();
    await new Promise((resolve) => setTimeout(resolve));
  }
  stop();
  expect(load).toHaveBeenCalledTimes(1);
  load.mockRestore();
});

test("an effect that read a head before it was decoded runs again afterwards", async () => {
  const state = new AttentionState(heads("small-12-heads"), () => "light");
  const seen: boolean[] = [];
  const stop = $effect.root(() => {
    $effect(() => void seen.push(state.sequence.matrix(0) !== undefined));
  });
  flushSync();
  await vi.waitFor(() => {
    flushSync();
    expect(seen.at(-1)).toBe(true);
  });
  stop();
  expect(seen[0]).toBe(false);
});

test("the overview of previews and that of the full data agree where each cell has its own preview", async () => {
  const state = await opened("small-12-heads");
  const coarse = overviewOf(state);
  await rankHeads(state, () => true);
  expect(state.ranked).toBeNull();
  await rankHeads(state, () => false);
  const fine = overviewOf(state);
  expect(coarse?.width).toBe(fine?.width);
  const off = [...fine!.pixels].map((pixel, i) => Math.abs((pixel & 255) - (coarse!.pixels[i]! & 255)));
  expect(Math.max(...off)).toBeLessThan(10);
});

test("without the first token its column has one color, and no value and no other color changes", async () => {
  const state = await opened("small-12-heads");
  await rankHeads(state, () => false);
  const pictures = () => [overviewOf(state)!, pictureOf(state, 3, true)!, thumbnailOf(state, 3, true)!];
  const before = pictures().map(({ pixels }) => [...pixels]);
  const value = state.value(3, { dest: 5, src: 0 });
  state.hiding.hide = "first";
  const { hidden, masked } = state.palette;
  pictures().forEach(({ width, pixels }, at) =>
    pixels.forEach((pixel, i) => {
      if (i % width > 0) expect(pixel).toBe(before[at]![i]);
      else expect([pack(hidden), pack(masked)]).toContain(pixel);
    }),
  );
  expect(state.value(3, { dest: 5, src: 0 })).toBe(value);
});

test("how much the first token holds is said of one head, of all heads, and of weighted attention", async () => {
  const state = await opened("small-12-heads");
  const share = (head: number) => {
    const rows = state.slots.rows.map((_, dest) => {
      const values = state.slots.cols.map((_, src) => state.value(head, { dest, src })!);
      const known = values.map((value) => (Number.isNaN(value) ? 0 : value));
      return known[0]! / known.reduce((sum, value) => sum + value, 0);
    });
    return rows.reduce((sum, row) => sum + row, 0) / rows.length;
  };
  state.hiding.hide = "first";
  expect(describeHidden(state, null)).toContain("… of the attention of all 12 heads");
  for (const type of ["standard", "value-weighted"] as const) {
    state.type = type;
    await rankHeads(state, () => false);
    const shares = state.props.heads.map((_, head) => share(head));
    const mean = shares.reduce((sum, one) => sum + one, 0) / 12;
    const what = type === "standard" ? "attention" : "value-weighted attention";
    expect(describeHidden(state, 7)).toContain(`${(100 * shares[7]!).toFixed(1)} % of the ${what} of Head`);
    expect(describeHidden(state, null)).toContain(
      `${(100 * mean).toFixed(1)} % of the ${what} of all 12 heads`,
    );
  }
});

test("what a token attends to most leaves the hidden first token out", async () => {
  const state = await opened("small-12-heads");
  const sink = state.props.heads.findIndex((_, head) => / to 0 /.test(describeToken(state, 9, head)));
  state.hiding.hide = "first";
  expect(describeToken(state, 9, sink)).toMatch(/attends most, hidden sources aside, to (?!0 )/);
});
