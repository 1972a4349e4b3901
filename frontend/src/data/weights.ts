/** Weighted attention: a head's values times one factor per source. */
import type { AttentionSequence, AttentionType, Tensor, WeightedType } from "../props";
import { decodeChunk } from "./decode";
import type { Matrix } from "./matrix";

/** The factors of one head, one per source; NaN where v is not finite. */
export type Weights = Float32Array;

/** The types that every sequence has the weights for, "standard" first. */
export function offeredTypes([first, ...others]: AttentionSequence[]): AttentionType[] {
  const types = first ? entries(first).map(([type]) => type) : [];
  return ["standard", ...types.filter((type) => others.every((sequence) => type in sequence.weights))];
}

/** The weights of every head, by type. */
export async function decodeWeights(
  sequence: AttentionSequence,
): Promise<Partial<Record<AttentionType, Weights[]>>> {
  const decoded = entries(sequence).map(async ([type, tensor]) => [type, await decodeHeads(tensor)] as const);
  return Object.fromEntries(await Promise.all(decoded));
}

/** The value of a cell under a type: attention[dest, src] * weights[src]. NaN if it has none. */
export function valueAt(matrix: Matrix, weights: Weights | null, dest: number, src: number): number {
  const value = matrix.at(dest, src);
  return weights ? value * (weights[src] as number) : value;
}

function entries(sequence: AttentionSequence): [WeightedType, Tensor][] {
  return Object.entries(sequence.weights) as [WeightedType, Tensor][];
}

/** A tensor [head, src], head by head. */
async function decodeHeads(tensor: Tensor): Promise<Weights[]> {
  const [heads = 0, sources = 0] = tensor.shape;
  const codes = await decodeChunk(tensor, 0);
  return Array.from({ length: heads }, (_, head) => {
    const scale = tensor.scales[head] as number;
    const weights = new Float32Array(sources);
    for (let src = 0; src < sources; src++) {
      const code = codes[head * sources + src] as number;
      weights[src] = code === tensor.missing ? NaN : (code - tensor.zero) * scale;
    }
    return weights;
  });
}
