import { expect, test } from "vitest";
import { heads, WITH_HEADS } from "../../test/fixtures";
import { Matrix } from "./matrix";
import { offeredTypes, Source, valueAt } from "./source";

test("a causal matrix has its cells where rows grow by one, and none right of the shifted diagonal", () => {
  const matrix = new Matrix(Uint16Array.from([1, 2, 3, 4, 5]), 2, 3, true, 0.5, 0, -1);
  const rows = [0, 1].map((dest) => [0, 1, 2].map((src) => matrix.at(dest, src)));
  expect(rows).toEqual([
    [0.5, 1, NaN],
    [1.5, 2, 2.5],
  ]);
  expect(matrix.masked(0, 2)).toBe(true);
});

test("signed codes count from the middle, and a missing one has no value", () => {
  const matrix = new Matrix(Uint16Array.from([100, 90, 65535]), 1, 3, false, 2, 100, 65535);
  expect([matrix.at(0, 0), matrix.at(0, 1), matrix.at(0, 2)]).toEqual([0, -20, NaN]);
});

test("a weighted value is the value times the weight of its source", () => {
  const matrix = new Matrix(Uint16Array.from([2, 4]), 1, 2, false, 1, 0, -1);
  expect(valueAt(matrix, Float32Array.from([0.5, 0.25]), 0, 1)).toBe(1);
  expect(valueAt(matrix, null, 0, 1)).toBe(4);
});

test("types are offered only where all sequences have their weights", () => {
  const [first, second] = heads("small-batch-dropdown").sequences;
  if (!first || !second) throw new Error("the fixture has two sequences");
  expect(offeredTypes([first, second])).toEqual(["standard", "value-weighted", "info-weighted"]);
  expect(
    offeredTypes([first, { ...second, weights: { "value-weighted": second.weights["value-weighted"]! } }]),
  ).toEqual(["standard", "value-weighted"]);
});

test("a head is decoded once, however often it is asked for", async () => {
  const source = new Source(heads("small-12-heads").sequences[0]!);
  expect(source.peek(3)).toBeUndefined();
  const [one, two] = await Promise.all([source.load(3), source.load(3)]);
  expect(one).toBe(two);
  expect(source.peek(3)).toBe(one);
  expect(await source.load(3)).toBe(one);
});

test("no more heads stay decoded than there is room for: those asked for longest ago go", async () => {
  const sequence = heads("small-12-heads").sequences[0]!;
  const size = (await new Source(sequence).load(0)).codes.length;
  const source = new Source(sequence, 3 * size);
  for (const head of [0, 1, 2]) await source.load(head);
  source.peek(0);
  await source.load(3);
  expect([0, 1, 2, 3].map((head) => source.peek(head) !== undefined)).toEqual([true, false, true, true]);
  expect(source.held).toBe(3 * size);
  await source.read(5); // needed once: nothing goes for it
  expect([0, 2, 3, 5].map((head) => source.peek(head) !== undefined)).toEqual([true, true, true, false]);
  expect((await source.load(1)).at(2, 1)).toBe((await new Source(sequence).load(1)).at(2, 1));
});

test("a head that is larger than all the room is shown all the same", async () => {
  const source = new Source(heads("small-12-heads").sequences[0]!, 1);
  await source.load(0);
  expect(source.peek(0)).toBeDefined();
});

test("a broken head fails by itself", async () => {
  const sequence = structuredClone(heads("small-12-heads").sequences[0]!);
  sequence.attention.chunks[2] = "AAAA";
  const source = new Source(sequence);
  await expect(source.load(2)).rejects.toThrow();
  expect((await source.load(1)).rows).toBe(source.dest);
});

test.each(WITH_HEADS.filter((name) => heads(name).sequences[0]!.preview))(
  "in %s the preview holds the strongest value of each block, to its own precision",
  async (name) => {
    const props = heads(name);
    const source = new Source(props.sequences[0]!);
    const previews = await source.open();
    const [tall, wide] = source.props.previewBlock;
    for (const head of [0, source.heads - 1]) {
      const matrix = await source.load(head);
      const preview = previews[head]!;
      const step = source.props.preview!.scales[head]!;
      const best = new Map<string, number>();
      for (let dest = 0; dest < source.dest; dest++)
        for (let src = 0; src < source.src; src++) {
          const value = matrix.at(dest, src);
          const key = `${Math.floor(dest / tall)} ${Math.floor(src / wide)}`;
          if (!Number.isNaN(value)) best.set(key, Math.max(best.get(key) ?? 0, Math.abs(value)));
        }
      for (let row = 0; row < preview.rows; row++)
        for (let col = 0; col < preview.cols; col++) {
          const want = best.get(`${row} ${col}`);
          const got = preview.at(row, col);
          if (want === undefined) expect(got).toBeNaN();
          else expect(Math.abs(Math.abs(got) - want)).toBeLessThanOrEqual(step * 0.51 + 1e-5);
        }
    }
  },
);
