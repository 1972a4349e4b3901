/** Which heads are strongest at each cell, kept while heads come and go: all of them decoded would not fit in memory. */

/** Places that are kept for each cell. */
export const PLACES = 3;

export interface Placed {
  head: number;
  value: number;
}

export class Podium {
  /** Values and heads of each cell, the one of largest magnitude first; NaN where a place is not taken. */
  private readonly values: Float32Array;
  private readonly heads: Uint16Array;

  constructor(cells: number) {
    this.values = new Float32Array(PLACES * cells).fill(NaN);
    this.heads = new Uint16Array(PLACES * cells);
  }

  /** Takes a head's value at a cell into account. Of equal magnitudes the first one given stays first. */
  offer(cell: number, head: number, value: number): void {
    const { values, heads } = this;
    const first = PLACES * cell;
    const size = Math.fround(Math.abs(value)); // as precise as what it is compared with
    let at = first + PLACES;
    // "not at most", so that a place that is not taken (NaN) gives way
    while (at > first && !(size <= Math.abs(values[at - 1] as number))) at--;
    for (let i = first + PLACES - 1; i > at; i--) {
      values[i] = values[i - 1] as number;
      heads[i] = heads[i - 1] as number;
    }
    if (at === first + PLACES) return;
    values[at] = value;
    heads[at] = head;
  }

  /** The value of largest magnitude at a cell, NaN where there is none. */
  best(cell: number): number {
    return this.values[PLACES * cell] as number;
  }

  /** The strongest heads of a cell, at most `PLACES`, strongest first. */
  at(cell: number): Placed[] {
    const placed: Placed[] = [];
    for (let i = PLACES * cell; i < PLACES * (cell + 1); i++) {
      const value = this.values[i] as number;
      if (!Number.isNaN(value)) placed.push({ head: this.heads[i] as number, value });
    }
    return placed;
  }
}
