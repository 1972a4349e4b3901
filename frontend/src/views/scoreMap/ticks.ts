/** Ticks of an axis of numbers. */
import { formatTick } from "../../text/number";

export interface AxisTick {
  value: number;
  text: string;
}

/** Multiples of 1, 2 or 5 times a power of ten inside of [low, high], about `count` of them; the one value if both are equal. */
export function ticksOf(low: number, high: number, count: number): AxisTick[] {
  if (!(high > low)) return [{ value: low, text: formatTick(low) }];
  const rough = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    // the product has errors in its last digits, such as 0.30000000000000004
    return { value, text: formatTick(Number(value.toPrecision(12))) };
  });
}
