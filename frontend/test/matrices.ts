/** Small matrices for tests. */
import { Matrix } from "../src/data/matrix";

/** Without a causal mask; value = (code - zero) * scale. */
export function fullMatrix(codes: number[], cols: number, scale = 1, zero = 0, missing = -1): Matrix {
  return new Matrix(Uint16Array.from(codes), codes.length / cols, cols, false, scale, zero, missing);
}
