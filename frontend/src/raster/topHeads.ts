/** Which heads are strongest at each cell, kept while heads come and go: all of them decoded would not fit in memory. */

export interface Placed {
  head: number;
  value: number;
}

export class Podium {
  /** Values and heads of each cell, the one of largest magnitude first; NaN where a place is not taken. */
  private readonly values: Float32Array;
  private readonly heads: Uint16Array;
  /** What a value's magnitude must exceed to be placed at a cell; NaN while a place is not taken. For callers that offer very many. */
  readonly bars: Float32Array;

  /** @param places kept for each cell */
  constructor(
    cells: number,
    private readonly places: number,
  ) {
    this.values = new Float32Array(places * cells).fill(NaN);
    this.heads = new Uint16Array(places * cells);
    this.bars = new Float32Array(cells).fill(NaN);
  }

  /** Takes a head's value at a cell into account. Of equal magnitudes the first one given stays first. */
  offer(cell: number, head: number, value: number): void {
    const { values, heads, places } = this;
    const first = places * cell;
    const size = Math.fround(Math.abs(value)); // as precise as what it is compared with
    let at = first + places;
    // "not at most", so that a place that is not taken (NaN) gives way
    while (at > first && !(size <= Math.abs(values[at - 1] as number))) at--;
    for (let i = first + places - 1; i > at; i--) {
      values[i] = values[i - 1] as number;
      heads[i] = heads[i - 1] as number;
    }
    if (at === first + places) return;
    values[at] = value;
    heads[at] = head;
    this.bars[cell] = Math.abs(values[first + places - 1] as number);
  }

  /** The value of largest magnitude at a cell, NaN where there is none. */
  best(cell: number): number {
    return this.values[this.places * cell] as number;
  }

  /** The strongest heads of a cell, strongest first. */
  at(cell: number): Placed[] {
    const { places } = this;
    const placed: Placed[] = [];
    for (let i = places * cell; i < places * (cell + 1); i++) {
      const value = this.values[i] as number;
      if (!Number.isNaN(value)) placed.push({ head: this.heads[i] as number, value });
    }
    return placed;
  }
}
