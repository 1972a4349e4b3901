import { beforeEach, describe, expect, test } from "vitest";
import layers from "../../../fixtures/lines-layers.json";
import twelve from "../../../fixtures/lines-12-heads.json";
import type { LinesViewProps } from "../../props";
import { LinesState } from "./linesState.svelte";
import { SeveralHeads } from "./severalHeads.svelte";

const propsOf = (fixture: unknown) => (fixture as { props: LinesViewProps }).props;
const many = (count: number): LinesViewProps => ({
  ...propsOf(twelve),
  heads: Array.from({ length: count }, (_, i) => ({ name: `Head ${i}`, layer: null })),
});
const several = (props: LinesViewProps) => new SeveralHeads(new LinesState(props, () => "light"));

describe("the switches of the heads", () => {
  let heads: SeveralHeads;
  beforeEach(() => (heads = several(propsOf(twelve))));

  test("are all on at first", () => {
    expect(heads.on).toEqual([...Array(12).keys()]);
  });

  test("are switched one by one, all together, and to one alone", () => {
    heads.toggle(3);
    expect(heads.on).not.toContain(3);
    heads.toggle(3);
    expect(heads.on).toHaveLength(12);
    heads.only(5);
    expect(heads.on).toEqual([5]);
    heads.only(7);
    expect(heads.on).toEqual([7]);
    heads.setAll(false);
    expect(heads.on).toEqual([]);
    heads.only(2);
    expect(heads.on).toEqual([2]);
  });

  test("are all on again where the only head that is on is left alone once more", () => {
    heads.only(5);
    heads.only(5);
    expect(heads.on).toHaveLength(12);
  });

  test("stay on or off when another layer is chosen", () => {
    const ofLayers = several(propsOf(layers));
    expect(ofLayers.offered).toEqual([0, 1, 2, 3]);
    ofLayers.only(2);
    ofLayers.view.head = 5;
    expect(ofLayers.offered).toEqual([4, 5, 6, 7]);
    expect(ofLayers.on).toEqual([6]);
  });

  test("are off for the heads beyond those whose hues can be told apart", () => {
    expect(several(many(32)).on).toHaveLength(32);
    expect(several(many(144)).on).toHaveLength(32);
    expect(several(many(144)).offered).toHaveLength(144);
  });
});

test("every head has a hue of its own", () => {
  for (const count of [12, 32, 144]) {
    const heads = several(many(count));
    expect(new Set(heads.offered.map((head) => heads.hue(head).join(" "))).size).toBe(count);
  }
});
