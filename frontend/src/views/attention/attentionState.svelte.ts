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
import { shareOfFirst } from "../../data/firstToken";
import { type Absence, absenceOf } from "../../data/mask";
import type { Matrix } from "../../data/matrix";
import { lastCell, lastColumn, slotAt, type Slots, slotsOf } from "../../data/slots";
import type { Source } from "../../data/source";
import { offeredTypes, valueAt, type Weights } from "../../data/weights";
import { CollapsedHeads } from "../../heads/collapsedHeads";
import { headPicture, headThumbnail } from "../../heads/headPictures";
import type { AttentionProps, AttentionType } from "../../props";
import type { Blend } from "../../raster/blend";
import { hideFirstColumn, paint, type Raster } from "../../raster/paint";
import type { HeadValue, TopHeads } from "../../raster/topHeads";
import { type Cell, Selection } from "../../state/selection.svelte";
import { pinFocus } from "../../state/startFocus";
import { TokenRanges } from "../../state/tokenRanges.svelte";
import { SequenceState } from "../../state/sequenceState.svelte";

/** All heads of one sequence under one attention type: the top heads of every cell, and their hues. */
export interface Ranking {
  source: Source;
  type: AttentionType;
  slots: Slots;
  palette: Palette;
  blend: Blend;
  /** Mean over heads of the share that the first column has of their values. */
  firstShare: number;
}

export class AttentionState {
  readonly selection = new Selection();
  /** Destinations and sources that are added up. */
  readonly ranges = new TokenRanges();
  readonly sequence: SequenceState;
  readonly types: AttentionType[];
  readonly range: Range;
  type: AttentionType = $state("standard");
  transform: TransformName = $state("linear");
  /** Whether the first source has no colors. */
  withoutFirst = $state(false);
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
  ) {
    const { head } = this.selection;
    this.range = props.valueRange;
    this.types = offeredTypes(props.sequences);
    this.type = props.attentionType;
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
    return absenceOf(this.source.props, lastCell(this.slots, cell), value);
  }

  /** Largest possible error of a head's values under the chosen type, or of the sum over so many keys. */
  errorBound(head: number, keys = 1): number {
    return keys * this.source.errorBound(this.type, head);
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
    const matrix = this.sequence.matrix(head);
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

  /** A picture as the reader has chosen it: its first column may be hidden. */
  shown(raster: Raster): Raster {
    return this.withoutFirst ? hideFirstColumn(raster, this.palette) : raster;
  }

  /** The share that the first column has of a head's values, or on average of all heads' for null. Undefined while it is not decoded. */
  firstShare(head: number | null): number | undefined {
    if (head === null) return this.ranked?.firstShare;
    const matrix = this.sequence.matrix(head);
    return matrix && shareOfFirst(matrix, this.source.weightsOf(this.type, head), this.keysOf(0));
  }

  /** The pixels of a head: full where it is decoded, else its preview. */
  picture(head: number, hued: boolean): Raster | null {
    const { source, slots } = this;
    const values = this.values(head);
    if (values && slots.collapsed)
      return this.shown(
        paint(values.matrix, null, this.scale(head, hued), (row) => lastColumn(source.props, slots, row)),
      );
    if (values)
      return this.shown(headPicture(source, head, values.matrix, this.type, this.scale(head, hued)));
    return slots.collapsed ? null : this.thumbnail(head, hued);
  }

  /** A head's thumbnail, in which no span is collapsed. */
  thumbnail(head: number, hued: boolean): Raster | null {
    const preview = this.sequence.previews[head];
    const hue = hued && !this.signed ? this.hue(head) : undefined;
    const scale = this.scaleOf(this.range, hue);
    return preview ? this.shown(headThumbnail(this.source, head, preview, this.type, scale)) : null;
  }

  /** The values of a head by slots, and the weights that they do not include yet. Undefined while it is not decoded. */
  private values(head: number): { matrix: Matrix; weights: Weights | null } | undefined {
    const matrix = this.sequence.matrix(head);
    const weights = this.source.weightsOf(this.type, head);
    if (!matrix) return undefined;
    if (!this.slots.collapsed) return { matrix, weights };
    return { matrix: this.collapsed.of(matrix, weights, this.slots), weights: null };
  }

  /** All heads as they are shown; null until all are read. */
  get ranked(): Ranking | null {
    const { ranking, source, type, slots } = this;
    return ranking?.source === source && ranking.type === type && ranking.slots === slots ? ranking : null;
  }

  private get topHeadsOfCells(): TopHeads | null {
    return this.ranked?.blend.topHeads ?? null;
  }
}
