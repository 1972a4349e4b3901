/** How far a decoded value may be from the one that was given: each head, and each vector, has a bound of its own. */
import type { Tensor } from "../props";

/** Highest code that is a value, as in _encode.py. */
const TOP = { uint8: 254, uint16: 65534, uint24: 16777214 };

/** Largest possible error of the values at an index of the tensor's first axis. */
export function boundOf(tensor: Tensor, index = 0): number {
  return tensor.errorSteps * (tensor.scales[index] as number);
}

/** Largest magnitude that the values at an index of the first axis have. */
export function largestOf(tensor: Tensor, index = 0): number {
  return (tensor.zero || TOP[tensor.dtype]) * (tensor.scales[index] as number);
}
