/** What the table of top and bottom tokens shows: sample, layer, a page of neurons, how many tokens. */
import type { TopkSample, TopkTokensProps } from "../../props";
import { HoverPin } from "../../state/hoverPin.svelte";
import type { Column } from "./columns";
import { GroupCache } from "./groupCache";

export type Ends = "both" | "top" | "bottom";

/** "top 1" is the largest value, "bottom 1" the smallest. */
export interface Row {
  end: "top" | "bottom";
  /** From 0, in the order of the rows. */
  index: number;
}

export interface TableCell {
  row: number;
  column: number;
}

/** A page whose columns are decoded. */
export interface Page {
  sample: number;
  layer: number;
  /** First neuron. */
  first: number;
  columns: Column[];
}

export class TopkState {
  sample = $state(0);
  layer = $state(0);
  /** The chosen neuron: the first of the page, or further right on the last page. */
  neuron = $state(0);
  perPage = $state(1);
  k = $state(1);
  ends: Ends = $state("both");
  /** What is on screen; it stays until what was chosen since is decoded. */
  page: Page | null = $state.raw(null);
  error = $state("");
  readonly choice = new HoverPin<TableCell>((a, b) => a.row === b.row && a.column === b.column);
  private readonly groups: GroupCache;

  constructor(
    readonly props: TopkTokensProps,
    perPage: number,
  ) {
    this.groups = new GroupCache(props);
    this.perPage = Math.min(perPage, this.widest);
    this.k = Math.max(...props.samples.map(({ k }) => k));
    this.choose({});
  }

  /** Number of neurons of the sample that has most. */
  get widest(): number {
    return Math.max(...this.props.samples.map(({ neurons }) => neurons));
  }

  /** The chosen sample. */
  get chosen(): TopkSample {
    return this.props.samples[this.sample] as TopkSample;
  }

  /** The sample on screen. */
  get drawn(): TopkSample {
    return this.props.samples[this.page?.sample ?? 0] as TopkSample;
  }

  /** Number of tokens of each end: a sample with fewer tokens has fewer. */
  get shownK(): number {
    return Math.min(this.k, this.drawn.k);
  }

  /** Rows of the table, without the line between both ends. */
  get rows(): Row[] {
    const each = (end: "top" | "bottom"): Row[] =>
      Array.from({ length: this.shownK }, (_, index) => ({ end, index }));
    return [...(this.ends !== "bottom" ? each("top") : []), ...(this.ends !== "top" ? each("bottom") : [])];
  }

  /** Draws something else, as soon as it is decoded. */
  choose(change: Partial<Pick<TopkState, "sample" | "layer" | "neuron" | "perPage">>): void {
    Object.assign(this, change);
    this.neuron = Math.min(Math.max(this.neuron, 0), this.chosen.neurons - 1);
    if (this.page) this.choice.release();
    const { sample, layer, neuron, perPage } = this;
    const count = Math.min(perPage, this.chosen.neurons);
    const first = Math.min(neuron, this.chosen.neurons - count);
    const neurons = Array.from({ length: count }, (_, i) => first + i);
    const columns = this.groups.columns(sample, layer, neurons);
    if (columns) this.show({ sample, layer, first, columns });
    else void this.load(sample, layer, neurons);
  }

  /** The next or the previous page; false at the end. */
  turn(by: 1 | -1): boolean {
    const last = this.chosen.neurons - 1;
    const first = Math.min(this.neuron, Math.max(this.chosen.neurons - this.perPage, 0));
    if (by > 0 ? first + this.perPage > last : first === 0) return false;
    this.choose({ neuron: Math.max(first + by * this.perPage, 0) });
    return true;
  }

  private show(page: Page): void {
    this.page = page;
    this.error = "";
  }

  private async load(sample: number, layer: number, neurons: number[]): Promise<void> {
    const isChosen = () => sample === this.sample && layer === this.layer;
    try {
      await this.groups.load(sample, layer, neurons);
      if (isChosen()) this.choose({});
    } catch (error) {
      if (isChosen()) this.error = `These neurons could not be read: ${String(error)}`;
    }
  }
}
