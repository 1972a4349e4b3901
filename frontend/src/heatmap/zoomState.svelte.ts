/** The zoom of a heatmap: which part is seen, and what its buttons, keys and gestures change. */
import { paper } from "../browser/paper.svelte";
import type { Cell } from "./cell";
import type { Point, Seen, Zoom, ZoomArea } from "./zoom";
import {
  cellAt,
  exceeds,
  FIT,
  isInFrame,
  middleOf,
  onPaper,
  panned,
  revealed,
  seenOf,
  zoomAbout,
} from "./zoom";

export class ZoomState {
  /** What was last chosen: a smaller picture may not have all of it. */
  private chosen: Zoom = $state.raw(FIT);
  private readonly shownArea: ZoomArea = $derived.by(() =>
    paper.printing ? onPaper(this.area()) : this.area(),
  );
  readonly seen: Seen = $derived.by(() => seenOf(this.shownArea, paper.printing ? FIT : this.chosen));
  /** Whether the picture can be moved in its frame, across and down. */
  readonly movable = $derived.by(() => exceeds(this.seen));

  constructor(private readonly area: () => ZoomArea) {}

  get largest(): number {
    return this.shownArea.largest;
  }

  /** Whether it is as it was at first. */
  get isFit(): boolean {
    return this.seen.zoom === 1;
  }

  get rows(): number {
    return this.shownArea.rows;
  }

  get cols(): number {
    return this.shownArea.cols;
  }

  /** Whether even at first only a part of the picture is seen. */
  get isPart(): boolean {
    const { across, down } = exceeds(seenOf(this.shownArea, FIT));
    return across || down;
  }

  /** Multiplies the zoom, about a point of the frame. */
  zoomBy(factor: number, at: Point): void {
    this.chosen = zoomAbout(this.shownArea, this.chosen, this.seen.zoom * factor, at);
  }

  /** Multiplies the zoom about a cell where one is seen, else about the middle. */
  step(factor: number, about: Cell | null): void {
    const { frame } = this.seen;
    const at = about && middleOf(this.seen, about);
    if (about && at && isInFrame(this.seen, at)) {
      this.zoomBy(factor, at);
      this.reveal(about);
    } else this.zoomBy(factor, { x: frame.width / 2, y: frame.height / 2 });
  }

  /** Moves the picture by CSS pixels. */
  pan(x: number, y: number): void {
    this.chosen = panned(this.shownArea, this.chosen, x, y);
  }

  /** Moves the picture as little as needed to show a cell. */
  reveal(cell: Cell): void {
    this.chosen = revealed(this.shownArea, this.chosen, cell);
  }

  fit(): void {
    this.chosen = FIT;
  }

  cellAt(point: Point): Cell {
    return cellAt(this.shownArea, this.seen, point);
  }

  /** Whether the middle of a cell is in the frame. */
  shows(cell: Cell): boolean {
    return isInFrame(this.seen, middleOf(this.seen, cell));
  }
}
