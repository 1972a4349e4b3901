/** Decoded heads of one sequence, up to a number of codes. If there are more, the least recently used heads are dropped. */
import type { Matrix } from "./matrix";

/** Codes of one sequence that stay decoded: 64 MB, that is 144 heads of 650 tokens, or 60 of 1024. */
export const CAPACITY = 32e6;

export class HeadCache {
  /** Codes of all heads in the cache. */
  codes = 0;
  /** Least recently used first. */
  private readonly heads = new Map<number, Matrix>();

  constructor(private readonly capacity = CAPACITY) {}

  get(head: number): Matrix | undefined {
    const matrix = this.heads.get(head);
    // While the cache is less than half full, nothing is dropped soon, and the order does not matter.
    if (matrix && this.codes > this.capacity / 2) {
      this.heads.delete(head);
      this.heads.set(head, matrix);
    }
    return matrix;
  }

  /** Adds a head; drops others if there is not enough room. */
  add(head: number, matrix: Matrix): void {
    if (this.heads.has(head)) return;
    for (const [other, { codes }] of this.heads) {
      if (this.hasRoomFor(matrix)) break;
      this.heads.delete(other);
      this.codes -= codes.length;
    }
    this.heads.set(head, matrix);
    this.codes += matrix.codes.length;
  }

  /** Adds a head if that drops no other. */
  addIfRoom(head: number, matrix: Matrix): void {
    if (this.hasRoomFor(matrix)) this.add(head, matrix);
  }

  clear(): void {
    this.heads.clear();
    this.codes = 0;
  }

  private hasRoomFor(matrix: Matrix): boolean {
    return this.codes + matrix.codes.length <= this.capacity;
  }
}
