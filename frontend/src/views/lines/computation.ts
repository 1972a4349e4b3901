/** The computation of one head: pattern, vectors, scores. Heads are decoded on demand, and the last few stay decoded. */
import { decodeChunk } from "../../data/decode";
import type { Matrix } from "../../data/matrix";
import { matrixOf } from "../../data/matrix";
import type { Source } from "../../data/source";
import type { Vectors } from "../../data/vectors";
import { loadVectors } from "../../data/vectors";
import type { Computation, LinesSequence, Tensor } from "../../props";

/** Heads that stay decoded: enough to go back and forth between the heads of a layer. */
const KEPT_HEADS = 16;

export interface HeadComputation {
  readonly props: Computation;
  readonly attention: Matrix;
  /** The values that lines have, where they are not the attention itself: it is renormalized without hidden sources. */
  readonly shown?: Matrix;
  readonly queries: Vectors | null;
  readonly keys: Vectors | null;
  /** q·k / divisor. */
  readonly dot: Matrix | null;
  /** What the model adds to it; the whole score where there is no product. */
  readonly addedTerm: Matrix | null;
}

export class ComputationCache {
  private readonly heads = new Map<number, Promise<HeadComputation>>();

  constructor(
    private readonly sequence: LinesSequence,
    private readonly source: Source,
  ) {}

  /** A head's computation, decoded now if it is not yet. */
  load(head: number): Promise<HeadComputation> {
    const loading = this.heads.get(head) ?? this.decode(head);
    this.heads.delete(head); // to the end of the map's order: most recently used
    this.heads.set(head, loading);
    for (const oldest of this.heads.keys()) {
      if (this.heads.size <= KEPT_HEADS) break;
      this.heads.delete(oldest);
    }
    return loading;
  }

  private async decode(head: number): Promise<HeadComputation> {
    const props = this.sequence.computations[head] as Computation;
    const keys = props.keys === null ? null : (this.sequence.keys[props.keys] ?? null);
    const [attention, queries, decodedKeys, dot, addedTerm] = await Promise.all([
      this.source.load(head),
      props.queries && loadVectors(props.queries),
      keys && loadVectors(keys),
      props.dot && loadMatrix(props.dot),
      props.addedTerm && loadMatrix(props.addedTerm),
    ]);
    return { props, attention, queries, keys: decodedKeys, dot, addedTerm };
  }
}

async function loadMatrix(tensor: Tensor): Promise<Matrix> {
  return matrixOf(tensor, 0, await decodeChunk(tensor, 0));
}
