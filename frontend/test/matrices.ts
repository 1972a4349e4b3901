/** Small matrices for tests. */
import { Matrix } from "../src/data/matrix";

/** Without a causal mask; value = (code - zero) * scale. */
export function fullMatrix(codes: number[], cols: number, scale = 1, zero = 0, missing = -1): Matrix {
  return new Matrix(Uint16Array.from(codes), codes.length / cols, cols, false, scale, zero, missing);
}

/** A causal pattern of n tokens in 16 bits, in which up to two sources get much of the attention. */
export function sinkMatrix(n: number, seed: number): Matrix {
  const random = (i: number) => Math.abs(Math.sin(12.9898 * (seed + 1) + 78.233 * i) * 43758.5453) % 1;
  const strong = [0, 1 + Math.floor(random(1) * (n - 4))];
  const codes: number[] = [];
  for (let dest = 0; dest < n; dest++) {
    const row = Array.from({ length: dest + 1 }, (_, src) => random(100 + dest * n + src));
    strong.forEach((src, i) => {
      if (src <= dest) row[src] = (row[src] as number) + 9 * Math.max(0, random(7 + i) - 0.3);
    });
    const sum = row.reduce((total, value) => total + value, 0);
    codes.push(...row.map((value) => Math.round((65534 * value) / sum)));
  }
  return new Matrix(Uint16Array.from(codes), n, n, true, 1 / 65534, 0, 65535);
}
