/** What the attribution view shows: a component and its picture, and the totals of all components at a destination. */
import type { Palette, ThemeName } from "../../color/palette";
import { customPalette } from "../../color/customPalette";
import type { Signs } from "../../color/scale";
import { ColorScale } from "../../color/scale";
import type { TransformName } from "../../color/transform";
import { type Absence, absenceOf, lastSource } from "../../data/mask";
import { type Matrix, plainMatrix } from "../../data/matrix";
import type { Source } from "../../data/source";
import { headThumbnail } from "../../heads/headPictures";
import type { AttributionSequence, AttributionViewProps } from "../../props";
import type { Raster } from "../../raster/paint";
import { paint } from "../../raster/paint";
import { HoverPin } from "../../state/hoverPin.svelte";
import { type Cell, Selection } from "../../state/selection.svelte";
import { SequenceState } from "../../state/sequenceState.svelte";
import { pinFocus } from "../../state/startFocus";
import { headName } from "../../text/names";
import { plain } from "../../text/tokenText";
import { sumHeads } from "./headSum";
import type { Totals } from "./totals";
import { loadTotals, totalOf } from "./totals";

/** Components are numbered: heads first, then the parts. `selection.head` holds such a number. */
export class AttributionState {
  readonly selection: Selection;
  /** A part has one value per destination: its cells are not those of heads. */
  readonly partCell = new HoverPin<Cell>((a, b) => a.dest === b.dest);
  readonly sequence: SequenceState<AttributionSequence>;
  /** Whether each component has its own color scale. */
  ownScale = $state(false);
  transform: TransformName = $state("linear");
  /** The sum of all heads at each cell, null until all are decoded. */
  headSum: Matrix | null = $state.raw(null);
  /** The totals of the drawn sequence, null until they are decoded. */
  private totals: Totals | null = $state.raw(null);
  private readonly decodedTotals = new WeakMap<Source, Totals>();

  constructor(
    readonly props: AttributionViewProps,
    private readonly themeName: () => ThemeName,
    /** Hovered and pinned components, where a map of all heads has them. */
    pin?: HoverPin<number>,
  ) {
    this.selection = new Selection(pin);
    this.transform = props.switches?.colorScale ?? "linear";
    const hooks = {
      prepare: (source: Source) => Promise.all([this.decodeTotals(source), this.decodeShown(source)]),
      onDrawn: (source: Source) => {
        this.totals = this.decodedTotals.get(source) ?? null;
        this.selection.clearBeyond(source);
      },
    };
    this.sequence = new SequenceState(props.sequences, props.heads, hooks, props.focus?.sequence);
    const same = (token: number) => token;
    pinFocus(this.selection, props.focus, { dest: same, src: same });
    this.selection.token.pinned = props.focus?.dest ?? null; // with a source as well, the bars are of this destination
  }

  /** Draws the first sequence as soon as it is decoded. */
  open(): Promise<void> {
    return this.sequence.open();
  }

  get source(): Source {
    return this.sequence.source;
  }

  get palette(): Palette {
    return customPalette(this.themeName(), this.props.colors);
  }

  /** Releases everything that is pinned. */
  release(): void {
    this.selection.release();
    this.partCell.release();
  }

  /** Number of components. */
  get count(): number {
    return this.props.heads.length + this.props.parts.length;
  }

  isPart(component: number): boolean {
    return component >= this.props.heads.length;
  }

  nameOf(component: number): string {
    const { heads, parts } = this.props;
    const part = parts[component - heads.length];
    return part ? plain(part.name) : headName(heads[component]?.name ?? "");
  }

  /** The destination whose totals the bars show, null for the sum over all of them. */
  get dest(): number | null {
    return this.source.dest === 1 ? 0 : this.selection.token.focus;
  }

  /** What each component wrote at the chosen destination; empty until it is decoded. */
  get values(): number[] {
    const { totals, dest } = this;
    return totals ? Array.from({ length: this.count }, (_, i) => totalOf(totals.components, i, dest)) : [];
  }

  /** The logit of the chosen destination; NaN until it is decoded. */
  get logit(): number {
    return this.totals ? totalOf(this.totals.whole, 0, this.dest) : NaN;
  }

  /** Largest possible error of a component's total at the chosen destination. */
  totalBound(component: number): number {
    return (this.totals?.components.errorBound(component) ?? 0) * this.addends;
  }

  /** Largest possible error of the logit at the chosen destination. */
  get logitBound(): number {
    return (this.totals?.whole.errorBound(0) ?? 0) * this.addends;
  }

  /** A magnitude that no total of a component or of the logit exceeds at one destination: it decides how many digits are compared. */
  get largestTotal(): number {
    const { totals } = this;
    if (!totals) return 0;
    const each = Array.from({ length: this.count }, (_, i) => totals.components.largest(i));
    return Math.max(totals.whole.largest(0), ...each);
  }

  /** The values of a component [dest, src] ([dest, 1] for a part), or the sum of all heads for null; null until they are decoded. */
  matrix(component: number | null): Matrix | null {
    if (component === null) return this.headSum;
    if (!this.isPart(component)) return this.sequence.matrix(component) ?? null;
    const { totals } = this;
    return totals ? plainMatrix(totals.components.row(component), this.source.dest, 1) : null;
  }

  /** Largest possible error of a cell of a component, or of the sum of all heads for null. */
  errorBound(component: number | null): number {
    const { source } = this;
    if (component === null)
      return this.props.heads.reduce((sum, _, head) => sum + source.errorBound("standard", head), 0);
    if (this.isPart(component)) return this.totals?.components.errorBound(component) ?? 0;
    return source.errorBound("standard", component);
  }

  /** A magnitude that no cell of the component exceeds; for the sum of all heads (null) that of the largest head. */
  largestOf(component: number | null): number {
    if (component === null) return Math.max(...this.props.heads.map((_, head) => this.source.largest(head)));
    if (this.isPart(component)) return this.totals?.components.largest(component) ?? 0;
    return this.source.largest(component);
  }

  /** The end of the color scale: shared by all heads, or the component's own. A component that exceeds the shared one has its own. */
  scaleEnd(component: number | null): number {
    const end = largest(this.matrix(component));
    if (this.ownScale) return end || this.sharedEnd;
    // an end that the user chose is not widened
    return this.props.fixedRange ? this.sharedEnd : Math.max(end, this.sharedEnd);
  }

  /** Blue for positive values, red for negative ones; a picture of one sign leaves the other at the color of zero. */
  colorScale(component: number | null, signs: Signs): ColorScale {
    const end = this.scaleEnd(component);
    return new ColorScale([-end, end], this.palette, { signs, transform: this.transform });
  }

  /** Whether the end of the color scale is not the one that heads share. */
  isOwnScale(component: number | null): boolean {
    return this.ownScale || this.scaleEnd(component) > this.sharedEnd;
  }

  picture(component: number | null, signs: Signs): Raster | null {
    const matrix = this.matrix(component);
    const last = (dest: number) => lastSource(this.source.props, dest);
    return matrix && paint(matrix, null, this.colorScale(component, signs), last);
  }

  thumbnail(head: number): Raster | null {
    const preview = this.sequence.previews[head];
    const scale = new ColorScale(this.props.valueRange, this.palette, { transform: this.transform });
    return preview ? headThumbnail(this.source, head, preview, "standard", scale) : null;
  }

  /** Adds up all heads of the drawn sequence; stops if another sequence is drawn meanwhile. */
  async addUp(): Promise<void> {
    const { source } = this;
    try {
      const sum = await sumHeads(source, () => source !== this.source);
      if (sum) this.headSum = sum;
    } catch (error) {
      this.sequence.error = `The sum of all heads could not be decoded: ${String(error)}`;
    }
  }

  /** Why a cell of a component, or of the sum of all heads for null, has no value; null if it has one. */
  absence(component: number | null, cell: Cell): Absence | null {
    if (component !== null && this.isPart(component)) return null;
    return absenceOf(this.source.props, cell, this.matrix(component)?.at(cell.dest, cell.src));
  }

  /** How many numbers a total is the sum of. */
  private get addends(): number {
    return this.dest === null ? this.source.dest : 1;
  }

  private get sharedEnd(): number {
    return Math.max(this.props.valueRange[1], -this.props.valueRange[0]);
  }

  private async decodeTotals(source: Source): Promise<void> {
    if (!this.decodedTotals.has(source))
      this.decodedTotals.set(source, await loadTotals(this.sequence.propsOf(source)));
  }

  private async decodeShown(source: Source): Promise<void> {
    const shown = this.selection.head.focus;
    if (shown !== null && shown < source.heads) await source.load(shown);
  }
}

/** Largest magnitude of a matrix's values. */
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
