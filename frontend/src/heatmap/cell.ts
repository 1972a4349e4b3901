/** A cell of a heatmap, and how the keyboard moves between cells. */

export interface Cell {
  row: number;
  col: number;
}

/** Which cell is hovered and which is pinned. A heatmap reads and changes it; a view keeps it. */
export interface CellChoice {
  readonly hovered: Cell | null;
  readonly pinned: Cell | null;
  /** The pinned cell, else the hovered one. */
  readonly focus: Cell | null;
  hover(cell: Cell | null): void;
  /** Pins a cell, or releases it if it is the pinned one. */
  toggle(cell: Cell): void;
  /** Moves the pin to another cell. */
  movePin(cell: Cell): void;
}

export function isSame(a: Cell, b: Cell | null): boolean {
  return b !== null && a.row === b.row && a.col === b.col;
}

/** A tap hovers, since a finger cannot; it releases what a long press has pinned. */
export function tap(choice: CellChoice, cell: Cell): void {
  const { focus, pinned } = choice;
  if (pinned) choice.toggle(pinned);
  choice.hover(isSame(cell, focus) ? null : cell);
}

/** The cell that a key leads to, kept inside of the heatmap; null for keys that move nothing. */
export function moveByKey(key: string, { row, col }: Cell, rows: number, cols: number): Cell | null {
  const targets: Record<string, Cell> = {
    ArrowUp: { row: row - 1, col },
    ArrowDown: { row: row + 1, col },
    ArrowLeft: { row, col: col - 1 },
    ArrowRight: { row, col: col + 1 },
    Home: { row, col: 0 },
    End: { row, col: cols - 1 },
    PageUp: { row: 0, col },
    PageDown: { row: rows - 1, col },
  };
  const target = targets[key];
  if (!target) return null;
  return {
    row: Math.min(Math.max(target.row, 0), rows - 1),
    col: Math.min(Math.max(target.col, 0), cols - 1),
  };
}
