/** What a logit lens shows: the sequence, the colors, the hovered and the pinned cell; and which blocks are decoded. */
import type { Cell } from "../../heatmap/cell";
import { isSame } from "../../heatmap/cell";
import type { LensValue, LogitLensProps } from "../../props";
import { HoverPin } from "../../state/hoverPin.svelte";
import { LensSource } from "./lensSource";

export class LensState {
  chosen = $state(0);
  value: LensValue = $state("top");
  error = $state("");
  /** Whether the first block that is drawn is decoded. */
  ready = $state(false);
  /** Rows are stages from the last one down, columns are positions. */
  readonly choice = new HoverPin<Cell>(isSame);
  readonly rows: number;
  /** Grows when a block has been decoded. */
  private decoded = $state(0);
  private readonly sources: (LensSource | undefined)[] = [];

  constructor(readonly props: LogitLensProps) {
    this.rows = props.stages.length;
    this.value = props.value;
    const { focus } = props;
    if (focus) {
      this.chosen = focus.sequence;
      this.choice.pinned = { row: this.rowOf(focus.stage), col: focus.position };
    }
    void this.choose(this.chosen);
  }

  get sequences() {
    return this.props.sequences;
  }

  /** The sequence on screen. */
  get source(): LensSource {
    return this.sourceOf(this.chosen);
  }

  get cols(): number {
    return this.source.sequence.tokens.length;
  }

  /** The column of the chart: that of the cell in focus, else the last one with a target. */
  get column(): number {
    const { focus } = this.choice;
    if (focus) return focus.col;
    const last = this.source.sequence.targets.findLastIndex((target) => target >= 0);
    return last < 0 ? this.cols - 1 : last;
  }

  stageOf(row: number): number {
    return this.rows - 1 - row;
  }

  rowOf(stage: number): number {
    return this.rows - 1 - stage;
  }

  /** Shows another sequence; a pinned cell stays pinned where it has such a position. */
  async choose(index: number): Promise<void> {
    this.chosen = index;
    const { pinned } = this.choice;
    this.choice.hover(null);
    if (pinned && pinned.col >= this.cols) this.choice.release();
    await this.load(this.source, [0, this.column]);
    if (!this.error) this.ready = true;
  }

  /** The source, with a dependence on what is decoded of it; what is missing of these positions is asked for. */
  reading(positions: readonly number[]): LensSource {
    void this.decoded;
    const { source } = this;
    if (positions.some((position) => !source.has(position))) void this.load(source, positions);
    return source;
  }

  /** Decodes all positions of all sequences, for a file. */
  async loadAll(): Promise<LensSource[]> {
    const all = this.sequences.map((_, index) => this.sourceOf(index));
    await Promise.all(all.map((source) => source.loadAll()));
    return all;
  }

  private sourceOf(index: number): LensSource {
    return (this.sources[index] ??= new LensSource(
      this.sequences[index] as LogitLensProps["sequences"][0],
      this.props,
    ));
  }

  private async load(source: LensSource, positions: readonly number[]): Promise<void> {
    try {
      const blocks = positions.map((position) => source.blockOf(position));
      await Promise.all(
        blocks.filter((block, i) => blocks.indexOf(block) === i).map((block) => source.load(block)),
      );
      this.decoded++;
    } catch (error) {
      this.error = `Some positions could not be read: ${String(error)}`;
    }
  }
}
