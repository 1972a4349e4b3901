/** The state of a `SampleBrowser`: what is chosen, what is shown, which token is pinned. */
import type { Palette } from "../color/palette";
import { ColorScale } from "../color/scale";
import type { ColorRange } from "../props";
import { HoverPin } from "../state/hoverPin.svelte";
import type { Place } from "./choice";
import { isSamePlace } from "./choice";
import type { Samples, SampleSource } from "./sampleSource";
import { extent } from "./sampleSource";

/** Texts per page at first. */
const PER_PAGE = 5;

export interface BrowserOptions {
  source: SampleSource;
  /** Of all values of the figure. */
  valueRange: readonly [number, number];
  colorRange: ColorRange;
  /** Whether the first page is shown again when others are chosen: where the order of the texts depends on the choice. */
  ranked: boolean;
}

export class SampleBrowserState {
  outer = $state(0);
  inner = $state(0);
  /** The texts of the last choice that is decoded; they stay until the next ones are. */
  shown: Samples | null = $state.raw(null);
  error = $state("");
  colorRange: ColorRange = $state("all");
  perPage = $state(PER_PAGE);
  page = $state(0);
  readonly choice = new HoverPin<Place>(isSamePlace);
  private readonly extent = $derived(extent(this.shown?.texts ?? []));

  constructor(readonly options: BrowserOptions) {
    this.colorRange = options.colorRange;
    this.choose(0, 0);
  }

  choose(outer: number, inner: number): void {
    const { source, ranked } = this.options;
    this.outer = outer;
    this.inner = Math.min(inner, source.inner(outer).count - 1);
    if (ranked) this.page = 0;
    const ready = source.peek(this.outer, this.inner);
    if (ready) this.show(ready);
    else void this.load(this.outer, this.inner);
  }

  choosePage(page: number): void {
    this.page = page;
    this.choice.clear();
  }

  choosePerPage(perPage: number): void {
    const first = this.page * this.perPage;
    this.perPage = perPage;
    this.choosePage(Math.floor(first / perPage));
  }

  /** Whether there is more than one thing to choose, and so a difference between both color ranges. */
  get hasChoices(): boolean {
    const { source } = this.options;
    return source.outer.count > 1 || source.inner(0).count > 1;
  }

  get missing(): boolean {
    return this.extent.missing;
  }

  /** Lowest and highest value of what is shown, and of zero. */
  get shownRange(): readonly [number, number] {
    const { low, high } = this.extent;
    return high > 0 ? [low, high] : [low, -low || 1];
  }

  scale(palette: Palette): ColorScale {
    return new ColorScale(this.colorRange === "all" ? this.options.valueRange : this.shownRange, palette);
  }

  private show(samples: Samples): void {
    if (this.options.ranked) this.choice.clear(); // other texts
    this.shown = samples;
    this.error = "";
  }

  private async load(outer: number, inner: number): Promise<void> {
    const isChosen = () => outer === this.outer && inner === this.inner;
    try {
      const samples = await this.options.source.load(outer, inner);
      if (isChosen()) this.show(samples);
    } catch (error) {
      if (isChosen()) this.error = `This part could not be read: ${String(error)}`;
    }
  }
}
