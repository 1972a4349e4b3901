/** Error bounds of decoded values. Each head, and each vector, has its own. */
import type { Tensor } from "../props";

/** The highest code of a value, as in `_wire/fixed_point.py`. */
const HIGHEST = { uint8: 254, uint16: 65534, uint24: 16777214 };

/** Largest possible error of the values at an index of the tensor's first axis. */
export function boundOf(tensor: Tensor, index = 0): number {
  return tensor.errorSteps * (tensor.scales[index] as number);
}

/** Largest magnitude of the values at an index of the tensor's first axis. */
export function largestOf(tensor: Tensor, index = 0): number {
  return (tensor.zero || HIGHEST[tensor.dtype]) * (tensor.scales[index] as number);
}
