/** Decoded groups of neurons of a figure, the last few that were used. */
import type { TopkSample, TopkTokensProps } from "../../props";
import type { Column, Group } from "./columns";
import { columnOf, loadGroup, placeOf } from "./columns";

/** Groups that stay decoded, of about 80 kB each. A page has two at most. */
const KEPT = 60;

export class GroupCache {
  private readonly groups = new Map<string, Group>();

  constructor(private readonly props: TopkTokensProps) {}

  /** The columns of some neurons; null if one of their groups is not decoded. */
  columns(sample: number, layer: number, neurons: readonly number[]): Column[] | null {
    const props = this.sample(sample);
    const columns: Column[] = [];
    for (const neuron of neurons) {
      const { group, place } = placeOf(props, this.props.groupSize, layer, neuron);
      const found = this.groups.get(`${sample} ${group}`);
      if (!found) return null;
      columns.push(columnOf(props, found, place));
    }
    return columns;
  }

  /** Decodes the groups of some neurons. */
  async load(sample: number, layer: number, neurons: readonly number[]): Promise<void> {
    const props = this.sample(sample);
    const numbers = new Set(neurons.map((n) => placeOf(props, this.props.groupSize, layer, n).group));
    await Promise.all([...numbers].map((group) => this.loadGroup(sample, group)));
  }

  private sample(index: number): TopkSample {
    return this.props.samples[index] as TopkSample;
  }

  private async loadGroup(sample: number, group: number): Promise<void> {
    const key = `${sample} ${group}`;
    if (this.groups.has(key)) return;
    const loaded = await loadGroup(this.sample(sample), group);
    for (const oldest of this.groups.keys()) {
      if (this.groups.size < KEPT) break;
      this.groups.delete(oldest);
    }
    this.groups.set(key, loaded);
  }
}
