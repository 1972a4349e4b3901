/** How big things are drawn: whole pixels per cell where cells are few, so that all cells look alike. */

/** CSS pixels per cell so that `cells` come as near to `target` pixels as whole cells can; below 1 where they do not fit. */
export function cellSize(cells: number, target: number): number {
  return cells > target ? target / cells : Math.max(1, Math.round(target / cells));
}

/** As `cellSize`, but never larger than `target` altogether. */
export function cellSizeWithin(cells: number, target: number, largest: number): number {
  return cells > target ? target / cells : Math.min(largest, Math.max(1, Math.floor(target / cells)));
}

/** Side of an overview: one pixel per cell for long sequences, as far as that leaves room for thumbnails beside it. */
export function overviewTarget(cells: number): number {
  return Math.min(Math.max(cells, 360), 560);
}

/** Side of a head's thumbnail: smaller where there are many, and where they stand in rows above the picture. */
export function thumbnailTarget(heads: number, above = false): number {
  if (above) return heads <= 24 ? 72 : heads <= 64 ? 46 : 34; // two layers or more side by side: the picture stays near
  return heads <= 16 ? 96 : heads <= 24 ? 72 : heads <= 64 ? 58 : 46;
}

/** Every n-th label, so that labels of that height do not touch. */
export function labelStep(cell: number, lineHeight: number): number {
  return Math.max(1, Math.ceil(lineHeight / cell));
}
