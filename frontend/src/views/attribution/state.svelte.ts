/** What the attribution view shows: the component, its picture and scale, the destination whose totals the bars are. */
import type { Cell } from "../../state/sequenceState.svelte";
import { AttentionState } from "../../state/sequenceState.svelte";
import { nameOfHead } from "../attention/words";
import type { Matrix } from "../../data/matrix";
import { plainMatrix } from "../../data/matrix";
import type { Source } from "../../data/source";
import type { Signs } from "../../color/scale";
import { ColorScale } from "../../color/scale";
import type { Raster } from "../../raster/paint";
import { paint } from "../../raster/paint";
import { HoverLock } from "../../state/hoverLock.svelte";
import { chances } from "../../browser/slices";
import type { AttributionSequence, AttributionViewProps } from "../../props";
import { plain } from "../../text/tokenText";
import type { Totals } from "./totals";
import { loadTotals, totalOf } from "./totals";

/** Of every sequence that was drawn. Outside of the class, because its constructor already draws one. */
const TOTALS = new WeakMap<Source, Totals>();

/** Components are numbered: heads first, then the parts. `head` of the base class holds such a number. */
export class AttributionState extends AttentionState<AttributionViewProps> {
  /** A part has one value per destination: its cells are not those of heads. */
  readonly partCell = new HoverLock<Cell>((a, b) => a.dest === b.dest);
  ownScale = $state(false);
  /** The sum of all heads at each cell, null until all are decoded. */
  sum: Matrix | null = $state.raw(null);

  get count(): number {
    return this.props.heads.length + this.props.parts.length;
  }

  isPart(component: number): boolean {
    return component >= this.props.heads.length;
  }

  nameOf(component: number): string {
    const { heads, parts } = this.props;
    const part = parts[component - heads.length];
    return part ? plain(part.name) : nameOfHead(heads[component]?.name ?? "");
  }

  get sequence(): AttributionSequence {
    return this.props.sequences.find((one) => one === this.source.props) as AttributionSequence;
  }

  /** The destination that the bars are of, null for all of them together. */
  get dest(): number | null {
    return this.source.dest === 1 ? 0 : this.token.focus;
  }

  /** What each component wrote at the chosen destination; empty until it is decoded. */
  get values(): number[] {
    const totals = TOTALS.get(this.source);
    void this.previews; // set when a sequence is drawn, after its totals are decoded
    return totals
      ? Array.from({ length: this.count }, (_, i) => totalOf(totals.components, i, this.dest))
      : [];
  }

  /** The logit of the chosen destination; NaN until it is decoded. */
  get whole(): number {
    void this.previews;
    const totals = TOTALS.get(this.source);
    return totals ? totalOf(totals.whole, 0, this.dest) : NaN;
  }

  /** Largest possible error of a component's total at the chosen destination, or of its sum over all. */
  totalBound(component: number): number {
    return (this.totals?.components.errorBound(component) ?? 0) * this.summed;
  }

  /** Largest possible error of the logit at the chosen destination, or of its sum over all. */
  get wholeBound(): number {
    return (this.totals?.whole.errorBound(0) ?? 0) * this.summed;
  }

  /** A magnitude that no total of a component or of the logit exceeds at one destination: how many digits people compare. */
  get largestTotal(): number {
    const { totals } = this;
    if (!totals) return 0;
    const each = Array.from({ length: this.count }, (_, i) => totals.components.largest(i));
    return Math.max(totals.whole.largest(0), ...each);
  }

  private get summed(): number {
    return this.dest === null ? this.source.dest : 1;
  }

  private get totals(): Totals | undefined {
    return TOTALS.get(this.source);
  }

  protected override async prepare(source: Source): Promise<void> {
    const sequence = this.props.sequences.find((one) => one === source.props);
    if (sequence && !TOTALS.has(source)) TOTALS.set(source, await loadTotals(sequence));
    await super.prepare(source);
  }

  override release(): void {
    super.release();
    this.partCell.release();
  }

  override matrix(component: number): Matrix | undefined {
    if (!this.isPart(component)) return super.matrix(component);
    const totals = TOTALS.get(this.source);
    return totals && plainMatrix(totals.components.row(component), this.source.dest, 1);
  }

  /** What is drawn: a component, or the sum of all heads for null. */
  drawn(component: number | null): Matrix | null {
    return component === null ? this.sum : (this.matrix(component) ?? null);
  }

  /** Largest possible error of a cell's value; of the sum of all heads for null. */
  override boundOf(component: number | null): number {
    if (component === null)
      return this.props.heads.reduce((sum, _, head) => sum + this.source.errorBound("standard", head), 0);
    if (this.isPart(component)) return this.totals?.components.errorBound(component) ?? 0;
    return super.boundOf(component);
  }

  /** A magnitude that no cell of the component exceeds; for the sum of all heads (null) that of the largest head. */
  largestOf(component: number | null): number {
    if (component === null) return Math.max(...this.props.heads.map((_, head) => this.source.largest(head)));
    if (this.isPart(component)) return this.totals?.components.largest(component) ?? 0;
    return this.source.largest(component);
  }

  /** The end of the colour scale: shared by all heads, or the component's own. What is larger than the heads' is always its own. */
  scaleEnd(component: number | null): number {
    const own = largest(this.drawn(component));
    const shared = Math.max(this.range[1], -this.range[0]);
    return this.ownScale ? own || shared : Math.max(own, shared);
  }

  /** Blue adds, red takes away; a picture of one sign leaves the other neutral. */
  colorScale(component: number | null, signs: Signs): ColorScale {
    const end = this.scaleEnd(component);
    return new ColorScale([-end, end], this.palette, { signs });
  }

  /** Whether the colours' ends are not the ones that heads share. */
  isOwnScale(component: number | null): boolean {
    return this.ownScale || this.scaleEnd(component) > Math.max(this.range[1], -this.range[0]);
  }

  image(component: number | null, signs: Signs): Raster | null {
    const matrix = this.drawn(component);
    const last = (dest: number) => this.lastRead(dest);
    return matrix && paint(matrix, null, this.colorScale(component, signs), last);
  }

  /** Adds up all heads of the drawn sequence; stops where another sequence is drawn meanwhile. */
  async addUp(): Promise<void> {
    const { source } = this;
    const total = new Float64Array(source.dest * source.src);
    const chance = chances();
    try {
      for (let head = 0; head < source.heads; head++) {
        const matrix = await source.read(head);
        for (let dest = 0; dest < source.dest; dest++)
          for (let src = 0; src < matrix.rowLength(dest); src++) {
            const at = dest * source.src + src;
            total[at] = (total[at] as number) + matrix.at(dest, src);
          }
        await chance();
        if (source !== this.source) return;
      }
    } catch (error) {
      this.error = `The sum of all heads could not be decoded: ${String(error)}`;
      return;
    }
    if (source.props.attention.layout === "causal")
      for (let dest = 0; dest < source.dest; dest++)
        for (let src = this.lastRead(dest) + 1; src < source.src; src++) total[dest * source.src + src] = NaN;
    this.sum = plainMatrix(total, source.dest, source.src);
  }

  /** The last source that a destination can have read from, in a model whose attention is causal. */
  private lastRead(dest: number): number {
    return this.source.props.destPositions?.[dest] ?? dest + this.source.src - this.source.dest;
  }

  /** Whether a cell of heads has no value because its source is later than its destination. */
  isLater(component: number | null, { dest, src }: Cell): boolean {
    if (src <= this.lastRead(dest)) return false;
    if (this.source.props.attention.layout === "causal") return true;
    return Number.isNaN(this.drawn(component)?.at(dest, src));
  }
}

function largest(matrix: Matrix | null): number {
  let end = 0;
  if (!matrix) return end;
  for (let dest = 0; dest < matrix.rows; dest++)
    for (let src = 0; src < matrix.rowLength(dest); src++) {
      const size = Math.abs(matrix.at(dest, src));
      if (size > end) end = size;
    }
  return end;
}
