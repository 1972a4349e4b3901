/** What both attention views share: which sequence, type, head, cell and token is chosen, and the data behind it. */
import { KEPT_CODES, offeredTypes, Source, valueAt } from "../data/source";
import type { Matrix } from "../data/matrix";
import type { Rgb } from "../color/color";
import type { Palette, ThemeName } from "../color/palette";
import { headHue, paletteOf } from "../color/palette";
import type { Range } from "../color/scale";
import { ColorScale } from "../color/scale";
import type { Raster } from "../raster/paint";
import { paint, poolWeights } from "../raster/paint";
import type { HeadValue, TopHeads } from "../raster/topHeads";
import { HoverLock } from "./hoverLock.svelte";
import type { AttentionProps, AttentionType } from "../props";

/** Which heads are strongest where, in one sequence under one type. */
export interface Ranking {
  source: Source;
  type: AttentionType;
  topHeads: TopHeads;
}

export interface Cell {
  dest: number;
  src: number;
}

/** Which token is chosen in the strip: a destination (its sources are coloured) or a source. */
export type Direction = "dest" | "src";

export class AttentionState<P extends AttentionProps = AttentionProps> {
  readonly range: Range;
  readonly types: AttentionType[];
  readonly head = new HoverLock<number>();
  readonly cell = new HoverLock<Cell>((a, b) => a.dest === b.dest && a.src === b.src);
  readonly token = new HoverLock<number>();
  direction: Direction = $state("dest");
  type: AttentionType = $state("standard");
  /** The sequence that is chosen, and the one that is drawn: they differ while the chosen one is being decoded. */
  chosen = $state(0);
  source: Source = $state.raw() as Source;
  /** Small pictures' values of the drawn sequence, empty until they are decoded. */
  previews: Matrix[] = $state.raw([]);
  error = $state("");
  /** Whether the first sequence is there to be drawn, or has failed. */
  opened = $state(false);
  /** Set by the overview when it has seen all heads. */
  ranking: Ranking | null = $state.raw(null);
  private arrivals = $state(0);
  private readonly sources: Source[];

  constructor(
    readonly props: P,
    private readonly themeName: () => ThemeName,
  ) {
    this.range = props.valueRange;
    this.types = offeredTypes(props.sequences);
    this.type = props.attentionType;
    this.sources = props.sequences.map((sequence) => new Source(sequence));
    this.source = this.sources[0] as Source;
    void this.choose(0);
  }

  get signed(): boolean {
    return this.range[0] < 0;
  }

  get palette(): Palette {
    return paletteOf(this.themeName());
  }

  /** Draws another sequence; what is drawn stays until it is decoded, and choices stay where they still exist. */
  async choose(sequence: number): Promise<void> {
    this.chosen = sequence;
    const source = this.sources[sequence] as Source;
    try {
      const [previews] = await Promise.all([source.open(), this.prepare(source)]);
      if (this.chosen !== sequence) return;
      this.source = source;
      this.previews = previews;
      this.forget();
    } catch (error) {
      this.error = `This sequence could not be decoded: ${String(error)}`;
      return;
    } finally {
      this.opened = true;
    }
    const { cell, token } = this;
    const dests = this.direction === "dest" ? source.dest : source.src;
    if (token.focus !== null && token.focus >= dests) token.clear();
    if (cell.focus && (cell.focus.dest >= source.dest || cell.focus.src >= source.src)) cell.clear();
  }

  /** Decodes what is drawn of a sequence as soon as it is. */
  protected async prepare(source: Source): Promise<void> {
    const needed = this.head.focus;
    if (needed !== null && needed < source.heads) await source.load(needed);
  }

  /** Lets go of everything that is locked. */
  release(): void {
    this.cell.release();
    this.token.release();
    this.head.release();
  }

  /** A head of the drawn sequence if it is decoded; if not, it is asked for and this is run again when it is here. */
  matrix(head: number): Matrix | undefined {
    void this.arrivals; // makes whoever asks depend on arrivals
    const { source } = this;
    const known = source.peek(head);
    if (!known && !source.broken.has(head)) void this.fetch(source, head);
    return known;
  }

  /** The value of a cell under the chosen type; undefined while it is not decoded. */
  value(head: number, cell: Cell): number | undefined {
    const matrix = this.matrix(head);
    return matrix && valueAt(matrix, this.source.weightsOf(this.type, head), cell.dest, cell.src);
  }

  /** The strongest heads at a cell under the chosen type, strongest first; none while not all are seen yet. */
  strongest(cell: Cell): HeadValue[] {
    return this.topHeads?.at(cell.dest * this.source.src + cell.src) ?? [];
  }

  /**
   * The values of a chosen token's row (or column, by the direction) with the head that each is of; over all heads for `head` null:
   * at each cell the one of largest magnitude. NaN where there is none, or not yet.
   */
  line(position: number, head: number | null): HeadValue[] {
    const { source, direction, topHeads } = this;
    const byDest = direction === "dest";
    const matrix = head === null ? undefined : this.matrix(head);
    const weights = head === null ? null : source.weightsOf(this.type, head);
    return Array.from({ length: byDest ? source.src : source.dest }, (_, i) => {
      const [dest, src] = byDest ? [position, i] : [i, position];
      if (head !== null) return { head, value: matrix ? valueAt(matrix, weights, dest, src) : NaN };
      return topHeads?.at(dest * source.src + src)[0] ?? { head: 0, value: NaN };
    });
  }

  private get topHeads(): TopHeads | null {
    const { ranking, source, type } = this;
    return ranking && ranking.source === source && ranking.type === type ? ranking.topHeads : null;
  }

  /** Largest possible error of a head's values under the chosen type. */
  boundOf(head: number): number {
    return this.source.errorBound(this.type, head);
  }

  hue(head: number): Rgb {
    return headHue(this.palette, head, this.props.heads.length);
  }

  /** The colour scale of one head: in its hue if `hued` and unsigned, else in the palette's own colours. */
  scale(head: number, hued: boolean): ColorScale {
    return new ColorScale(this.range, this.palette, {
      hue: hued && !this.signed ? this.hue(head) : undefined,
    });
  }

  /** The picture of a head: full where it is decoded, else its preview. */
  picture(head: number, hued: boolean): Raster | null {
    const matrix = this.matrix(head);
    if (!matrix) return this.thumbnail(head, hued);
    const weights = this.source.weightsOf(this.type, head);
    const last = (dest: number) => this.source.lastSource(dest);
    return paint(matrix, weights, this.scale(head, hued), last);
  }

  thumbnail(head: number, hued: boolean): Raster | null {
    const preview = this.previews[head];
    if (!preview) return null;
    const { source } = this;
    const weights = source.weightsOf(this.type, head);
    const pooled = weights && poolWeights(weights, source.props.previewBlock[1]);
    const last = (row: number) => source.lastPreviewColumn(row);
    return paint(preview, pooled, this.scale(head, hued), last);
  }

  /** Lets go of what the other sequences have decoded, where it is more than one may keep. */
  private forget(): void {
    if (this.sources.reduce((sum, source) => sum + source.held, 0) <= KEPT_CODES) return;
    for (const source of this.sources) if (source !== this.source) source.release();
  }

  private async fetch(source: Source, head: number): Promise<void> {
    try {
      await source.load(head);
    } catch (error) {
      this.error = `Head ${this.props.heads[head]?.name} could not be decoded: ${String(error)}`;
    }
    this.arrivals++;
  }
}
