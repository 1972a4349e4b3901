/** What the view of an edge shows: the lines of both sides, their pairs, and what is hovered and pinned on each side. */
import type { Palette, ThemeName } from "../../color/palette";
import { paletteOf } from "../../color/palette";
import { ColorScale } from "../../color/scale";
import type { TransformName } from "../../color/transform";
import { boundOf } from "../../data/bounds";
import { decodeChunk } from "../../data/decode";
import { type Matrix, matrixOf } from "../../data/matrix";
import type { EdgeSplitProps } from "../../props";
import { HoverPin } from "../../state/hoverPin.svelte";
import { type Line, type LineOrder, linesOf, pairsOf, placeOf } from "./lines";

export type Side = "query" | "key";

/** Parts of each side with a line of their own, unless all have one. */
export const FEW = 10;

export class EdgeState {
  /** The keys of lines: a part of the query is a row of the table, a part of the key a column. */
  readonly query = new HoverPin<number>();
  readonly key = new HoverPin<number>();
  order: LineOrder = $state("size");
  transform: TransformName = $state("linear");
  /** What could not be decoded, as a sentence for the page. */
  error = $state("");
  private few = $state(true);
  private table: Matrix | null = $state.raw(null);
  readonly rows: Line[] = $derived.by(() => linesOf(this.props.query, this.order, this.few ? FEW : null));
  readonly cols: Line[] = $derived.by(() => linesOf(this.props.key, this.order, this.few ? FEW : null));
  /** What each pair of lines adds, row by row; null until it is decoded. */
  readonly pairs: Float64Array | null = $derived.by(
    () => this.table && pairsOf(this.table, this.rows, this.cols),
  );
  readonly palette: Palette = $derived.by(() => paletteOf(this.themeName()));
  readonly scale: ColorScale = $derived.by(() => {
    const end = this.pairs?.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    return new ColorScale([-end, end], this.palette, { transform: this.transform });
  });

  constructor(
    readonly props: EdgeSplitProps,
    private readonly themeName: () => ThemeName,
  ) {
    this.query.pinned = props.focus?.query ?? null;
    this.key.pinned = props.focus?.key ?? null;
    this.few = this.hasLine("query") && this.hasLine("key");
  }

  async open(): Promise<void> {
    try {
      this.table = matrixOf(this.props.table, 0, await decodeChunk(this.props.table, 0));
    } catch (error) {
      this.error = `The table could not be decoded: ${String(error)}`;
    }
  }

  get ready(): boolean {
    return this.table !== null;
  }

  /** Whether every part has a line. */
  get all(): boolean {
    return !this.few;
  }

  /** Pins of parts that lose their line are released. */
  set all(all: boolean) {
    this.few = !all;
    for (const side of ["query", "key"] as const) if (!this.hasLine(side)) this[side].release();
  }

  /** Whether some parts have no line while only the largest have one. */
  get many(): boolean {
    return Math.max(this.props.query.parts.length, this.props.key.parts.length) > FEW + 2;
  }

  lines(side: Side): Line[] {
    return side === "query" ? this.rows : this.cols;
  }

  /** Row of the query's line that is hovered or pinned, and column of the key's. */
  get row(): number | null {
    return placeOf(this.rows, this.query.focus);
  }

  get col(): number | null {
    return placeOf(this.cols, this.key.focus);
  }

  pair(row: number, col: number): number {
    return this.pairs?.[row * this.cols.length + col] ?? NaN;
  }

  /** q·k / divisor: the sum of all pairs. */
  get product(): number {
    return this.props.query.sums.reduce((sum, value) => sum + value, 0);
  }

  /** What no component wrote, of either side. */
  get unaccounted(): number {
    const { query, key } = this.props;
    const [a, b] = [query.sums.length - 1, key.sums.length - 1];
    return (query.sums[a] ?? 0) + (key.sums[b] ?? 0) - (this.table?.at(a, b) ?? 0);
  }

  /** A magnitude that no sum and no pair exceeds: it decides how many digits are compared. */
  get largest(): number {
    const { query, key, score } = this.props;
    return Math.max(Math.abs(score), ...[...query.sums, ...key.sums].map(Math.abs));
  }

  /** Largest possible error of a pair of parts. */
  get bound(): number {
    return boundOf(this.props.table);
  }

  /** Every pair of parts, for files. */
  value(query: number, key: number): number {
    return this.table?.at(query, key) ?? NaN;
  }

  release(): void {
    this.query.release();
    this.key.release();
  }

  private hasLine(side: Side): boolean {
    const { pinned } = this[side];
    return pinned === null || placeOf(this.lines(side), pinned) !== null;
  }
}
