/** What the attention views show: a sequence, an attention type, what is hovered and pinned, and the values behind it. */
import type { Rgb } from "../../color/color";
import { ramp } from "../../color/color";
import { customPalette } from "../../color/customPalette";
import type { Palette, ThemeName } from "../../color/palette";
import { headHue } from "../../color/palette";
import type { Range } from "../../color/scale";
import { ColorScale } from "../../color/scale";
import { type Absence, absenceOf } from "../../data/mask";
import type { Source } from "../../data/source";
import { offeredTypes, valueAt } from "../../data/weights";
import { headPicture, headThumbnail } from "../../heads/headPictures";
import type { AttentionProps, AttentionType } from "../../props";
import type { Raster } from "../../raster/paint";
import type { HeadValue, TopHeads } from "../../raster/topHeads";
import { type Cell, Selection } from "../../state/selection.svelte";
import { SequenceState } from "../../state/sequenceState.svelte";

/** The top heads of every cell of one sequence under one attention type. */
export interface Ranking {
  source: Source;
  type: AttentionType;
  topHeads: TopHeads;
}

export class AttentionState {
  readonly selection = new Selection();
  readonly sequence: SequenceState;
  readonly types: AttentionType[];
  readonly range: Range;
  type: AttentionType = $state("standard");
  /** Set by the overview once it has read all heads. */
  ranking: Ranking | null = $state.raw(null);

  constructor(
    readonly props: AttentionProps,
    private readonly themeName: () => ThemeName,
  ) {
    const { head } = this.selection;
    this.range = props.valueRange;
    this.types = offeredTypes(props.sequences);
    this.type = props.attentionType;
    this.sequence = new SequenceState(props.sequences, props.heads, {
      prepare: async (source) => {
        if (head.focus !== null && head.focus < source.heads) await source.load(head.focus);
      },
      onDrawn: (source) => this.selection.clearBeyond(source),
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

  get palette(): Palette {
    return customPalette(this.themeName(), this.props.colors);
  }

  /** The value of a cell under the chosen type; undefined while it is not decoded. */
  value(head: number, cell: Cell): number | undefined {
    const matrix = this.sequence.matrix(head);
    return matrix && valueAt(matrix, this.source.weightsOf(this.type, head), cell.dest, cell.src);
  }

  /** Why a cell of a head, or of all heads for null, has no value; null if it has one. */
  absence(head: number | null, cell: Cell): Absence | null {
    const largest = this.topHeadsOfCells ? (this.topHeads(cell)[0]?.value ?? NaN) : undefined;
    return absenceOf(this.source.props, cell, head === null ? largest : this.value(head, cell));
  }

  /** Largest possible error of a head's values under the chosen type. */
  errorBound(head: number): number {
    return this.source.errorBound(this.type, head);
  }

  /** The top heads of a cell under the chosen type, strongest first; empty until all heads are read. */
  topHeads(cell: Cell): HeadValue[] {
    return this.topHeadsOfCells?.at(cell.dest * this.source.src + cell.src) ?? [];
  }

  /**
   * The values of a token's row (or column, by the direction), each with its head. For `head` null it is at each cell the value
   * of largest magnitude over all heads. NaN where there is no value, or where it is not decoded.
   */
  valuesOfToken(position: number, head: number | null): HeadValue[] {
    const { source, topHeadsOfCells } = this;
    const byDest = this.selection.direction === "dest";
    const matrix = head === null ? undefined : this.sequence.matrix(head);
    const weights = head === null ? null : source.weightsOf(this.type, head);
    return Array.from({ length: byDest ? source.src : source.dest }, (_, i) => {
      const [dest, src] = byDest ? [position, i] : [i, position];
      if (head !== null) return { head, value: matrix ? valueAt(matrix, weights, dest, src) : NaN };
      return topHeadsOfCells?.at(dest * source.src + src)[0] ?? { head: 0, value: NaN };
    });
  }

  /** A hue of the head's own, or the color that the user chose for all. */
  hue(head: number): Rgb {
    if (this.props.colors?.positive) return ramp(this.palette.positive, 1);
    return headHue(this.palette, head, this.props.heads.length);
  }

  /** The color scale of a head: in its hue if `hued` and no value is negative, else in the palette's own colors. */
  scale(head: number, hued: boolean): ColorScale {
    const hue = hued && !this.signed ? this.hue(head) : undefined;
    return new ColorScale(this.range, this.palette, { hue });
  }

  /** The pixels of a head: full where it is decoded, else its preview. */
  picture(head: number, hued: boolean): Raster | null {
    const matrix = this.sequence.matrix(head);
    if (!matrix) return this.thumbnail(head, hued);
    return headPicture(this.source, head, matrix, this.type, this.scale(head, hued));
  }

  thumbnail(head: number, hued: boolean): Raster | null {
    const preview = this.sequence.previews[head];
    return preview ? headThumbnail(this.source, head, preview, this.type, this.scale(head, hued)) : null;
  }

  private get topHeadsOfCells(): TopHeads | null {
    const { ranking, source, type } = this;
    return ranking && ranking.source === source && ranking.type === type ? ranking.topHeads : null;
  }
}
