/** What the attention views show: a sequence, an attention type, what is hovered and pinned, and the values behind it. */
import type { Rgb } from "../../color/color";
import { ramp } from "../../color/color";
import { customPalette } from "../../color/customPalette";
import type { Palette, ThemeName } from "../../color/palette";
import { headHue } from "../../color/palette";
import type { Range } from "../../color/scale";
import { ColorScale } from "../../color/scale";
import type { TransformName } from "../../color/transform";
import { type Block, blockOf } from "../../data/collapse";
import { hiddenColumns, type Marks } from "../../data/hidden";
import { type Absence, absenceOf, lastSource } from "../../data/mask";
import type { Matrix } from "../../data/matrix";
import { lastCell, slotAt, type Slots, slotsOf } from "../../data/slots";
import type { Source } from "../../data/source";
import { offeredTypes, valueAt, type Weights } from "../../data/weights";
import { CollapsedHeads } from "../../heads/collapsedHeads";
import type { AttentionProps, AttentionType } from "../../props";
import { hideColumns, type Raster } from "../../raster/paint";
import type { HeadValue, TopHeads } from "../../raster/topHeads";
import { type HiddenHead, Hiding } from "../../state/hiding.svelte";
import type { HoverPin } from "../../state/hoverPin.svelte";
import { type Cell, Selection } from "../../state/selection.svelte";
import { pinFocus } from "../../state/startFocus";
import type { Ranking } from "./ranking";
import { TokenRanges } from "../../state/tokenRanges.svelte";
import { SequenceState } from "../../state/sequenceState.svelte";

export class AttentionState {
  readonly selection: Selection;
  /** Destinations and sources that are added up. */
  readonly ranges = new TokenRanges();
  readonly sequence: SequenceState;
  readonly types: AttentionType[];
  readonly range: Range;
  type: AttentionType = $state("standard");
  transform: TransformName = $state("linear");
  readonly hiding: Hiding;
  readonly palette: Palette = $derived.by(() => customPalette(this.themeName(), this.props.colors));
  /** Set by the overview once it has read all heads. */
  ranking: Ranking | null = $state.raw(null);
  /** Names of the spans that are not collapsed. */
  opened: readonly string[] = $state.raw([]);
  /** The rows and columns of all pictures but thumbnails. Cells, and the chosen token, are indices of them. */
  readonly slots: Slots = $derived.by(() => slotsOf(this.source.props, this.opened));
  private readonly collapsed = new CollapsedHeads();

  constructor(
    readonly props: AttentionProps,
    private readonly themeName: () => ThemeName,
    /** Hovered and pinned heads, where a map of all heads has them. */
    pin?: HoverPin<number>,
  ) {
    this.selection = new Selection(pin);
    const { head } = this.selection;
    this.range = props.valueRange;
    this.types = offeredTypes(props.sequences);
    this.type = props.attentionType;
    this.transform = props.switches?.colorScale ?? "linear";
    this.hiding = new Hiding(props.switches);
    const hooks = {
      prepare: async (source: Source) => {
        if (head.focus !== null && head.focus < source.heads) await source.load(head.focus);
      },
      onDrawn: () => {
        this.ranges.clear();
        this.selection.clearBeyond({ dest: this.slots.rows.length, src: this.slots.cols.length });
      },
    };
    this.sequence = new SequenceState(props.sequences, props.heads, hooks, props.focus?.sequence);
    pinFocus(this.selection, props.focus, {
      dest: (token) => slotAt(this.slots.rows, token),
      src: (token) => slotAt(this.slots.cols, token),
    });
  }

  /** Draws the first sequence as soon as it is decoded. */
  open(): Promise<void> {
    return this.sequence.open();
  }

  get source(): Source {
    return this.sequence.source;
  }

  /** Whether values may be negative. */
  get signed(): boolean {
    return this.range[0] < 0;
  }

  /** Opens a collapsed span, or collapses it again. */
  toggleSpan(name: string): void {
    const { opened } = this;
    this.opened = opened.includes(name) ? opened.filter((other) => other !== name) : [...opened, name];
    this.selection.cell.clear();
    this.selection.token.clear();
  }

  /** Releases everything that is pinned, and clears the ranges. */
  release(): void {
    this.selection.release();
    this.ranges.clear();
  }

  /** The value of a cell under the chosen type; undefined while it is not decoded. */
  value(head: number, { dest, src }: Cell): number | undefined {
    const values = this.values(head);
    return values && valueAt(values.matrix, values.weights, dest, src);
  }

  /** Why a cell of a head, or of all heads for null, has no value; null if it has one. */
  absence(head: number | null, cell: Cell): Absence | null {
    const largest = this.topHeadsOfCells ? (this.topHeads(cell)[0]?.value ?? NaN) : undefined;
    const value = head === null ? largest : this.value(head, cell);
    const absence = absenceOf(this.source.props, lastCell(this.slots, cell), value);
    const gone = head === null ? !this.hiding.simple : this.hiding.renormalizes;
    return absence === "missing" && gone && this.hides(head, cell.src) ? "hidden" : absence;
  }

  /**
   * Largest possible error of a head's values under the chosen type, or of the sum over so many keys.
   * @param row of the values, whose magnitude is at most `value`; null for any
   */
  errorBound(head: number, keys = 1, row: number | null = null, value = 1): number {
    const { source, hiding, slots } = this;
    const bound = keys * source.errorBound(this.type, head);
    if (!hiding.renormalizes) return bound;
    const { start, end } = (row === null ? null : slots.rows[row]) ?? { start: 0, end: source.dest };
    const least = hiding.leastDivisor(source, head, this.sequence.matrix(head), slots.cols, { start, end });
    const addends = lastSource(source.props, end - 1) + 1;
    // (a + e) / (s + n e) differs from v = a / s by at most (e + v n e) / s
    return (bound + Math.min(value, 1) * addends * source.errorBound("standard", head)) / least;
  }

  /** Number of keys whose values a column holds. */
  keysOf(src: number): number {
    const slot = this.slots.cols[src];
    return slot ? slot.end - slot.start : 1;
  }

  /** The top heads of a cell under the chosen type, strongest first; empty until all heads are read. */
  topHeads({ dest, src }: Cell): HeadValue[] {
    return this.topHeadsOfCells?.at(dest * this.slots.cols.length + src) ?? [];
  }

  /**
   * The values of a token's row (or column, by the direction), each with its head. For `head` null it is at each cell the value
   * of largest magnitude over all heads. NaN where there is no value, or where it is not decoded.
   */
  valuesOfToken(position: number, head: number | null): HeadValue[] {
    const { slots, topHeadsOfCells } = this;
    const byDest = this.selection.direction === "dest";
    const values = head === null ? undefined : this.values(head);
    return Array.from({ length: byDest ? slots.cols.length : slots.rows.length }, (_, i) => {
      const [dest, src] = byDest ? [position, i] : [i, position];
      if (head !== null)
        return { head, value: values ? valueAt(values.matrix, values.weights, dest, src) : NaN };
      return topHeadsOfCells?.at(dest * slots.cols.length + src)[0] ?? { head: 0, value: NaN };
    });
  }

  /** What the chosen ranges hold in a head; undefined while it is not decoded, or where nothing is chosen. */
  block(head: number): Block | undefined {
    const matrix = this.matrix(head);
    const { source, ranges } = this;
    if (!matrix || !ranges.any) return undefined;
    const dests = ranges.dest ?? { start: 0, end: source.dest };
    return blockOf(
      matrix,
      source.weightsOf(this.type, head),
      dests,
      ranges.src ?? { start: 0, end: source.src },
    );
  }

  /** A hue of the head's own, or the color that the user chose for all. */
  hue(head: number): Rgb {
    if (this.props.colors?.positive) return ramp(this.palette.positive, 1);
    return headHue(this.palette, head, this.props.heads.length);
  }

  /** The color scale of a head: in its hue if `hued` and no value is negative, else in the palette's own colors. */
  scale(head: number, hued: boolean): ColorScale {
    const hue = hued && !this.signed ? this.hue(head) : undefined;
    const range = this.slots.collapsed
      ? this.collapsed.widened(this.range, this.values(head)?.matrix)
      : this.range;
    return this.scaleOf(range, hue);
  }

  /** A color scale as the reader has chosen it. */
  scaleOf(range: Range, hue?: Rgb): ColorScale {
    return new ColorScale(range, this.palette, { hue, transform: this.transform });
  }

  /** A picture of which some columns are hidden. */
  without(raster: Raster, columns: Marks | null): Raster {
    return columns ? hideColumns(raster, columns, this.palette) : raster;
  }

  /** Whether a column of a head, or of all heads for null, is hidden. */
  hides(head: number | null, src: number): boolean {
    return this.hiddenColumns(head)?.[src] === 1;
  }

  /** The hidden columns of a head, or those that are hidden in all for null; null for none, and while they are not known. */
  hiddenColumns(head: number | null): Marks | null {
    const { hiding, slots } = this;
    if (hiding.hide === null) return null;
    if (hiding.hide === "first") return Uint8Array.from(slots.cols, ({ start }) => (start === 0 ? 1 : 0));
    if (head === null) return this.ranked?.hidden.columns ?? null;
    const hidden = this.hiddenHead(head);
    return hidden && hiddenColumns(hidden.sources, slots.cols);
  }

  /** A head without its hidden sources; null where nothing is hidden, and while it is not decoded. */
  hiddenHead(head: number): HiddenHead | null {
    const matrix = this.sequence.matrix(head);
    return matrix ? this.hiding.of(this.source, matrix, this.slots.cols) : null;
  }

  /** A decoded head as it is shown, by tokens. */
  private matrix(head: number): Matrix | undefined {
    const hidden = this.hiding.renormalizes ? this.hiddenHead(head) : null;
    return hidden?.values ?? this.sequence.matrix(head);
  }

  /** The values of a head by slots, and the weights that they do not include yet. Undefined while it is not decoded. */
  values(head: number): { matrix: Matrix; weights: Weights | null } | undefined {
    const matrix = this.matrix(head);
    const weights = this.source.weightsOf(this.type, head);
    if (!matrix) return undefined;
    if (!this.slots.collapsed) return { matrix, weights };
    return { matrix: this.collapsed.of(matrix, weights, this.slots), weights: null };
  }

  /** All heads as they are shown; null until all are read. */
  get ranked(): Ranking | null {
    const { ranking, source, type, slots } = this;
    const same = ranking?.source === source && ranking.type === type && ranking.slots === slots;
    return same && ranking.choice === this.hiding.choiceOfValues ? ranking : null;
  }

  private get topHeadsOfCells(): TopHeads | null {
    return this.ranked?.blend.topHeads ?? null;
  }
}
