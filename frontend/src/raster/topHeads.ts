/** The strongest heads of each cell, found one head at a time, because all decoded heads together would not fit in memory. */

export interface HeadValue {
  head: number;
  value: number;
}

export class TopHeads {
  /** Values and heads of each cell, largest magnitude first; NaN for an empty place. */
  private readonly values: Float32Array;
  private readonly heads: Uint16Array;
  /** Magnitude that a value must exceed to enter a cell's list; NaN while the list is not full. For callers that test before `offer`. */
  readonly thresholds: Float32Array;

  /** @param count heads that are kept for each cell */
  constructor(
    cells: number,
    private readonly count: number,
  ) {
    this.values = new Float32Array(count * cells).fill(NaN);
    this.heads = new Uint16Array(count * cells);
    this.thresholds = new Float32Array(cells).fill(NaN);
  }

  /** Enters a head's value at a cell if it is among the largest. Of equal magnitudes the first one offered stays first. */
  offer(cell: number, head: number, value: number): void {
    const { values, heads, count } = this;
    const start = count * cell;
    const end = start + count;
    const magnitude = Math.fround(Math.abs(value)); // rounded like the stored values that it is compared with
    let at = end;
    // "not less or equal" is also true for the NaN of an empty place
    while (at > start && !(magnitude <= Math.abs(values[at - 1] as number))) at--;
    if (at === end) return;
    for (let i = end - 1; i > at; i--) {
      values[i] = values[i - 1] as number;
      heads[i] = heads[i - 1] as number;
    }
    values[at] = value;
    heads[at] = head;
    this.thresholds[cell] = Math.abs(values[end - 1] as number);
  }

  /** The value of largest magnitude at a cell, NaN where there is none. */
  largest(cell: number): number {
    return this.values[this.count * cell] as number;
  }

  /** The strongest heads of a cell, strongest first. */
  at(cell: number): HeadValue[] {
    const { count } = this;
    const strongest: HeadValue[] = [];
    for (let i = count * cell; i < count * (cell + 1); i++) {
      const value = this.values[i] as number;
      if (!Number.isNaN(value)) strongest.push({ head: this.heads[i] as number, value });
    }
    return strongest;
  }
}
