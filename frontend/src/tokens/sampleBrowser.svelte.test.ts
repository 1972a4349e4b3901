import { tick } from "svelte";
import { expect, test } from "vitest";
import { paletteOf } from "../color/palette";
import { SampleBrowserState } from "./sampleBrowser.svelte";
import type { Samples, SampleSource } from "./sampleSource";
import { extent, largest, pageNames, pageSizes } from "./sampleSource";

const text = (...values: number[]) => ({
  name: "Sample",
  tokens: values.map(String),
  values: new Float64Array(values),
});

/** Texts by "outer.inner"; those of outer index 1 are decoded later, when `deliver` is called. */
class Delayed implements SampleSource {
  readonly outer = { name: "Layer", labels: null, count: 3 };
  private readonly waiting = new Map<string, (samples: Samples) => void>();

  constructor(private readonly known: Record<string, Samples>) {}

  inner(outer: number) {
    return { name: "Neuron", labels: null, count: outer === 2 ? 2 : 4 };
  }

  peek(outer: number, inner: number): Samples | null {
    return outer === 1 ? null : (this.known[`${outer}.${inner}`] ?? null);
  }

  load(outer: number, inner: number): Promise<Samples> {
    const key = `${outer}.${inner}`;
    if (outer !== 1) return Promise.reject(new Error("broken"));
    return new Promise((resolve) => this.waiting.set(key, resolve));
  }

  async deliver(key: string): Promise<void> {
    this.waiting.get(key)?.(this.known[key] as Samples);
    await tick();
  }
}

const known = {
  "0.0": { texts: [text(1, -4)], bound: 0.1 },
  "1.0": { texts: [text(2)], bound: 0.1 },
  "1.1": { texts: [text(3)], bound: 0.1 },
  "2.1": { texts: [text(NaN)], bound: 0.1 },
};

function browser(options: { ranked?: boolean } = {}) {
  const source = new Delayed(known);
  const view = new SampleBrowserState({
    source,
    valueRange: [-8, 8],
    colorRange: "all",
    ranked: false,
    ...options,
  });
  return { source, view };
}

test("what is decoded is shown at once, and stays until what was chosen after it is decoded", async () => {
  const { source, view } = browser();
  expect(view.shown).toBe(known["0.0"]);
  view.choose(1, 0);
  expect([view.outer, view.shown]).toEqual([1, known["0.0"]]);
  view.choose(1, 1);
  await source.deliver("1.0"); // arrives too late to be shown
  expect(view.shown).toBe(known["0.0"]);
  await source.deliver("1.1");
  expect(view.shown).toBe(known["1.1"]);
});

test("an index that another layer does not have becomes its last one", () => {
  const { view } = browser();
  view.choose(2, 3);
  expect([view.inner, view.shown]).toEqual([1, known["2.1"]]);
});

test("what cannot be read is an error until something else is chosen", async () => {
  const { view } = browser();
  view.choose(0, 3);
  await tick();
  expect(view.error).toContain("broken");
  view.choose(0, 0);
  expect(view.error).toBe("");
});

test("the color range is that of the figure, or that of what is shown", () => {
  const { view } = browser();
  const palette = paletteOf("light");
  expect(view.scale(palette).end).toBe(8);
  view.colorRange = "shown";
  expect([view.scale(palette).end, view.shownRange]).toEqual([4, [-4, 1]]);
  view.choose(2, 1);
  expect([view.shownRange, view.missing]).toEqual([[0, 1], true]);
});

test("pages follow each other; texts in an order of their own begin at the first again", () => {
  const { view } = browser({ ranked: true });
  view.choosePage(3);
  view.choice.toggle({ text: 0, token: 1 });
  view.choosePerPage(2); // the page with text 15, the first of the one before
  expect([view.page, view.choice.pinned]).toEqual([7, null]);
  view.choice.toggle({ text: 0, token: 1 });
  view.choose(2, 1);
  expect([view.page, view.choice.pinned]).toEqual([0, null]);
  const unranked = browser().view;
  unranked.choice.toggle({ text: 0, token: 1 });
  unranked.choosePage(0);
  unranked.choice.toggle({ text: 0, token: 1 });
  unranked.choose(2, 1);
  expect(unranked.choice.pinned).toEqual({ text: 0, token: 1 }); // the same token of the next neuron
});

test("pages are named by the places of their texts", () => {
  expect(pageNames(7, 3)).toEqual(["0\u20132", "3\u20135", "6"]);
  expect(pageNames(3, 3)).toEqual(["0\u20132"]);
  expect(pageNames(0, 5)).toEqual([]);
  expect(pageSizes(7)).toEqual([1, 2, 3, 5, 7]);
  expect(pageSizes(60)).toEqual([1, 2, 3, 5, 10, 20, 50]);
  expect(pageSizes(50)).toEqual([1, 2, 3, 5, 10, 20, 50]);
});

test("extents and maxima leave missing values out", () => {
  expect(extent([text(NaN, 2), text(-1)])).toEqual({ low: -1, high: 2, missing: true });
  expect(extent([text(3)])).toEqual({ low: 0, high: 3, missing: false });
  expect(largest(new Float64Array([NaN, -3, -2, NaN]))).toBe(-2);
  expect(largest(new Float64Array([NaN]))).toBeNaN();
});
