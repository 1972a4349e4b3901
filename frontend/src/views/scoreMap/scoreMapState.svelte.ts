/** What a score map shows: the chosen score, the heads that are hovered, pinned and kept, and the decoded values. */
import { SvelteSet } from "svelte/reactivity";
import { customPalette } from "../../color/customPalette";
import type { Palette, ThemeName } from "../../color/palette";
import { ColorScale } from "../../color/scale";
import type { TransformName } from "../../color/transform";
import { boundOf, largestOf } from "../../data/bounds";
import { decodeChunk } from "../../data/decode";
import { type Matrix, matrixOf } from "../../data/matrix";
import type { MapScore, ScoreMapProps } from "../../props";
import type { HeadContext } from "../../state/headContext";
import { HoverPin } from "../../state/hoverPin.svelte";
import { formatValue, readable } from "../../text/number";
import { nameOfHead } from "./headQuery";
import { type Order, type Ranking, rankingOf, strongest } from "./ranking";

/** Heads are numbered row by row. */
export class ScoreMapState implements HeadContext {
  readonly pin = new HoverPin<number>();
  /** Heads that stay marked until they are removed. */
  readonly kept = new SvelteSet<number>();
  readonly names: string[];
  /** Index of the score that is mapped; in a scatter that of the x axis. */
  score = $state(0);
  /** Index of the score of a scatter's y axis. */
  other = $state(0);
  form: "map" | "scatter" = $state("map");
  order: Order = $state("high");
  transform: TransformName = $state("linear");
  /** What could not be decoded, as a sentence for the page. */
  error = $state("");
  /** The values of each score; empty until they are decoded. */
  private matrices: Matrix[] = $state.raw([]);
  private readonly all: Float64Array[] = $derived.by(() => this.matrices.map(valuesOf));
  readonly ranking: Ranking = $derived.by(() => rankingOf(this.values(), this.order));
  readonly palette: Palette = $derived.by(() => customPalette(this.themeName(), this.props.colors));
  readonly scale: ColorScale = $derived.by(
    () => new ColorScale(this.shownScore.valueRange, this.palette, { transform: this.transform }),
  );
  private readonly strongest: number = $derived.by(() => strongest(this.values()));

  constructor(
    readonly props: ScoreMapProps,
    private readonly themeName: () => ThemeName,
  ) {
    this.score = props.score;
    this.other = props.score === 0 && props.scores.length > 1 ? 1 : 0;
    this.pin.pinned = props.head;
    this.transform = props.colorScale;
    for (const head of props.kept) this.kept.add(head);
    this.names = props.layers.flatMap((layer) =>
      Array.from({ length: props.nHeads }, (_, head) => nameOfHead(layer, head, props.headNotation)),
    );
  }

  async open(): Promise<void> {
    try {
      const codes = await decodeChunk(this.props.values, 0);
      this.matrices = this.props.scores.map((_, i) => matrixOf(this.props.values, i, codes));
    } catch (error) {
      this.error = `The scores could not be decoded: ${String(error)}`;
    }
  }

  get ready(): boolean {
    return this.matrices.length > 0;
  }

  /** The score that is mapped. */
  get shownScore(): MapScore {
    return this.props.scores[this.score] as MapScore;
  }

  /** The map [layer, head]; undefined until it is decoded. */
  get matrix(): Matrix | undefined {
    return this.matrices[this.score];
  }

  /** The values of all heads, NaN where there is none; empty until they are decoded. */
  values(score = this.score): Float64Array {
    return this.all[score] ?? new Float64Array(0);
  }

  /** The hovered or pinned head, the pinned one first; null for none. */
  get head(): number | null {
    const { focus } = this.pin;
    return focus !== null && focus < this.names.length ? focus : null;
  }

  get shown(): number {
    return this.head ?? this.strongest;
  }

  /** A value of a head with the digits that its error bound allows. */
  text(head: number, score = this.score): string {
    const { values } = this.props;
    const value = this.values(score)[head] ?? NaN;
    return formatValue(value, readable(boundOf(values, score), largestOf(values, score)));
  }

  toggleKept(head: number): void {
    if (!this.kept.delete(head)) this.kept.add(head);
  }

  /** Whether all heads of a group are kept. */
  isGroupKept(index: number): boolean {
    return this.props.groups[index]?.heads.every((head) => this.kept.has(head)) ?? false;
  }

  /** Keeps all heads of a group; removes them, if they are kept already. */
  toggleGroup(index: number): void {
    const isKept = this.isGroupKept(index);
    for (const head of this.props.groups[index]?.heads ?? [])
      if (isKept) this.kept.delete(head);
      else this.kept.add(head);
  }

  /** The kept heads, in the model's order. */
  get keptHeads(): number[] {
    return [...this.kept].sort((a, b) => a - b);
  }

  release(): void {
    this.pin.release();
  }
}

function valuesOf(matrix: Matrix): Float64Array {
  const { rows, cols } = matrix;
  return Float64Array.from({ length: rows * cols }, (_, i) => matrix.at(Math.floor(i / cols), i % cols));
}
