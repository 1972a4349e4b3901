/** The sum over all heads of a sequence, cell by cell. */
import { startSlices } from "../../browser/slices";
import { lastSource } from "../../data/mask";
import { type Matrix, plainMatrix } from "../../data/matrix";
import type { Source } from "../../data/source";

/** Heads that are asked for at once where each costs a request. */
const AHEAD = 6;

/** Adds up all heads, one after another, so that not all of them are decoded at once. Null if it was cancelled. */
export async function sumHeads(source: Source, cancelled: () => boolean): Promise<Matrix | null> {
  const sum = new Float64Array(source.dest * source.src);
  const yieldIfBusy = startSlices();
  const asked: Promise<Matrix>[] = [];
  for (let head = 0, next = 0; head < source.heads; head++) {
    for (; next < Math.min(head + (source.far ? AHEAD : 1), source.heads); next++) {
      const reading = source.read(next);
      reading.catch(() => undefined); // it is awaited in its turn, if that comes
      asked.push(reading);
    }
    const matrix = (await asked.shift()) as Matrix;
    for (let dest = 0; dest < source.dest; dest++)
      for (let src = 0; src < matrix.rowLength(dest); src++) {
        const index = dest * source.src + src;
        sum[index] = (sum[index] as number) + matrix.at(dest, src);
      }
    await yieldIfBusy();
    if (cancelled()) return null;
  }
  if (source.props.attention.layout === "causal")
    for (let dest = 0; dest < source.dest; dest++)
      sum.fill(NaN, dest * source.src + lastSource(source.props, dest) + 1, (dest + 1) * source.src);
  return plainMatrix(sum, source.dest, source.src);
}
