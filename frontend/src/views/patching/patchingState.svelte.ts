/** What a figure of patching shows: the grid, the pair of prompts, the hovered and the pinned cell, and the decoded values. */
import { SvelteMap } from "svelte/reactivity";
import { customPalette } from "../../color/customPalette";
import type { Palette, ThemeName } from "../../color/palette";
import { ColorScale, type Range } from "../../color/scale";
import type { TransformName } from "../../color/transform";
import { boundOf, largestOf } from "../../data/bounds";
import { decodeChunk } from "../../data/decode";
import { type Matrix, matrixOf } from "../../data/matrix";
import { type Cell, type CellChoice, isSame } from "../../heatmap/cell";
import type { PatchingGrid, PatchingMapProps, PatchingSequence } from "../../props";
import { HoverPin } from "../../state/hoverPin.svelte";
import { formatValue, readable } from "../../text/number";
import { metricAt } from "./effects";

export class PatchingState {
  /** Index of the chosen pair, or of the mean, and of the grid. */
  chosen = $state(0);
  grid = $state(0);
  transform: TransformName = $state("linear");
  /** Whether the colors of each grid end at its own largest effect. */
  ownEnds = $state(false);
  /** What could not be decoded, as a sentence for the page. */
  error = $state("");
  /** Whether there is something to draw. */
  ready = $state(false);
  /** What is hovered and pinned in grids by position, and in those by head: a change of grid keeps it. */
  private readonly pins = { position: new HoverPin<Cell>(isSame), head: new HoverPin<Cell>(isSame) };
  private readonly decoded = new SvelteMap<string, Matrix>();
  readonly palette: Palette = $derived.by(() => customPalette(this.themeName(), this.props.colors));
  readonly range: Range = $derived.by(() => {
    const { largest, valueRange } = this.shownGrid;
    return this.ownEnds && largest > 0 ? [-largest, largest] : valueRange;
  });
  readonly scale: ColorScale = $derived.by(
    () => new ColorScale(this.range, this.palette, { transform: this.transform }),
  );

  constructor(
    readonly props: PatchingMapProps,
    private readonly themeName: () => ThemeName,
  ) {
    this.grid = props.grid;
    const { focus } = props;
    if (focus) {
      this.chosen = focus.sequence;
      this.pin.pinned = { row: focus.row, col: focus.col };
    }
  }

  get sequences(): PatchingSequence[] {
    return this.props.sequences;
  }

  /** The pair on screen, or the mean. */
  get sequence(): PatchingSequence {
    return this.sequences[this.chosen] as PatchingSequence;
  }

  get shownGrid(): PatchingGrid {
    return this.props.grids[this.grid] as PatchingGrid;
  }

  get rows(): number {
    return this.props.layers.length;
  }

  get cols(): number {
    return this.shownGrid.values.shape[2] ?? 0;
  }

  /** The grid on screen; undefined until it is decoded. */
  get matrix(): Matrix | undefined {
    return this.matrixOf(this.grid, this.chosen);
  }

  matrixOf(grid: number, sequence: number): Matrix | undefined {
    return this.decoded.get(`${grid} ${sequence}`);
  }

  get pin(): HoverPin<Cell> {
    return this.pins[this.shownGrid.columns];
  }

  /** Lets the heatmap read and change what is hovered and pinned. */
  get choice(): CellChoice {
    const { pin } = this;
    return {
      get hovered() {
        return pin.hovered;
      },
      get pinned() {
        return pin.pinned;
      },
      get focus() {
        return pin.focus;
      },
      hover: (cell) => pin.hover(cell),
      toggle: (cell) => pin.toggle(cell),
      movePin: (cell) => (pin.pinned = cell),
    };
  }

  release(): void {
    this.pin.release();
  }

  /** The effect of a cell; NaN where there is none, or it is not decoded yet. */
  effect({ row, col }: Cell): number {
    return this.matrix?.at(row, col) ?? NaN;
  }

  /** An effect with the digits that its error bound allows. */
  text(effect: number): string {
    const { values } = this.shownGrid;
    return formatValue(effect, readable(boundOf(values, this.chosen), largestOf(values, this.chosen)));
  }

  /** The metric of an effect; null where the metric of both runs is not known. */
  metricText(effect: number): string | null {
    const { sequence, props } = this;
    const { clean, corrupted } = sequence;
    if (clean === null || corrupted === null || Number.isNaN(effect)) return null;
    const bound = boundOf(this.shownGrid.values, this.chosen) * Math.abs(clean - corrupted);
    const largest = Math.max(Math.abs(clean), Math.abs(corrupted));
    return formatValue(metricAt(sequence, props.direction, effect), readable(bound, largest));
  }

  async open(): Promise<void> {
    await this.load(this.grid, this.chosen);
    if (!this.error) this.ready = true;
  }

  /** Shows another pair, or the mean, once it is decoded. */
  async choose(index: number): Promise<void> {
    await this.load(this.grid, index);
    this.chosen = index;
  }

  /** Shows another grid, once it is decoded. */
  async chooseGrid(index: number): Promise<void> {
    await this.load(index, this.chosen);
    this.pin.hover(null);
    this.grid = index;
  }

  /** Decodes all grids of all pairs, for a file. */
  async loadAll(): Promise<void> {
    const { grids, sequences } = this.props;
    await Promise.all(grids.flatMap((_, grid) => sequences.map((_, sequence) => this.load(grid, sequence))));
  }

  private async load(grid: number, sequence: number): Promise<void> {
    const key = `${grid} ${sequence}`;
    const { values } = this.props.grids[grid] as PatchingGrid;
    if (this.decoded.has(key)) return;
    try {
      this.decoded.set(key, matrixOf(values, sequence, await decodeChunk(values, sequence)));
    } catch (error) {
      this.error = `A grid could not be decoded: ${String(error)}`;
    }
  }
}
