import { expect, test } from "vitest";
import { heads, WITH_HEADS } from "../../test/fixtures";
import { HeadCache } from "./headCache";
import { Source } from "./source";

test("a head is decoded once, however often it is asked for", async () => {
  const source = new Source(heads("small-12-heads").sequences[0]!);
  expect(source.peek(3)).toBeUndefined();
  const [first, second] = await Promise.all([source.load(3), source.load(3)]);
  expect(first).toBe(second);
  expect(source.peek(3)).toBe(first);
  expect(await source.load(3)).toBe(first);
});

test("decoded heads are limited in number: the least recently used are dropped", async () => {
  const sequence = heads("small-12-heads").sequences[0]!;
  const size = (await new Source(sequence).load(0)).codes.length;
  const source = new Source(sequence, new HeadCache(3 * size));
  for (const head of [0, 1, 2]) await source.load(head);
  source.peek(0);
  await source.load(3);
  expect([0, 1, 2, 3].map((head) => source.peek(head) !== undefined)).toEqual([true, false, true, true]);
  expect(source.decodedCodes).toBe(3 * size);
  await source.read(5); // needed only once, so it drops no other
  expect([0, 2, 3, 5].map((head) => source.peek(head) !== undefined)).toEqual([true, true, true, false]);
  expect((await source.load(1)).at(2, 1)).toBe((await new Source(sequence).load(1)).at(2, 1));
});

test("a head that is larger than the whole cache is decoded and kept", async () => {
  const source = new Source(heads("small-12-heads").sequences[0]!, new HeadCache(1));
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
      const strongest = new Map<string, number>();
      for (let dest = 0; dest < source.dest; dest++)
        for (let src = 0; src < source.src; src++) {
          const value = matrix.at(dest, src);
          const key = `${Math.floor(dest / tall)} ${Math.floor(src / wide)}`;
          if (!Number.isNaN(value)) strongest.set(key, Math.max(strongest.get(key) ?? 0, Math.abs(value)));
        }
      for (let row = 0; row < preview.rows; row++)
        for (let col = 0; col < preview.cols; col++) {
          const expected = strongest.get(`${row} ${col}`);
          const shown = preview.at(row, col);
          if (expected === undefined) expect(shown).toBeNaN();
          else expect(Math.abs(Math.abs(shown) - expected)).toBeLessThanOrEqual(step * 0.51 + 1e-5);
        }
    }
  },
);
