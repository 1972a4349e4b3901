/** One sequence's data, decoded when asked for: the preview at once, heads one by one. */
import type { AttentionSequence, AttentionType, Tensor, WeightedType } from "../props";
import { boundOf, largestOf } from "./bounds";
import { decodeChunk } from "./decode";
import type { Matrix } from "./matrix";
import { matrixOf } from "./matrix";

export type Weights = Float32Array;

/** Codes that one sequence keeps decoded: 64 MB, as many as 144 heads of 650 tokens have, or 60 of 1024. */
export const KEPT_CODES = 32e6;

export class Source {
  readonly dest: number;
  readonly src: number;
  readonly heads: number;
  readonly srcTokens: string[];
  /** Decoded heads, the one that was not asked for longest first. */
  private readonly ready = new Map<number, Matrix>();
  private readonly pending = new Map<number, Promise<Matrix>>();
  /** Codes that are decoded, over all heads. */
  held = 0;
  /** Heads that could not be decoded: asking again would not help, and be done again and again. */
  readonly broken = new Set<number>();
  private previews: Promise<Matrix[]> | undefined;
  private weights: Partial<Record<AttentionType, Weights[]>> = {};
  private start: Promise<Matrix[]> | undefined;

  /** @param room codes that may stay decoded */
  constructor(
    readonly props: AttentionSequence,
    private readonly room = KEPT_CODES,
  ) {
    [this.heads = 0, this.dest = 0, this.src = 0] = props.attention.shape;
    this.srcTokens = props.srcTokens ?? props.destTokens;
  }

  /** Decodes what the first picture needs: the preview and the weights. Gives the preview of each head. */
  open(): Promise<Matrix[]> {
    this.start ??= Promise.all([this.preview(), this.decodeWeights()]).then(([previews]) => previews);
    return this.start;
  }

  /** Relative norms of a head's sources, NaN where v is not finite; null for standard attention. Only after `open`. */
  weightsOf(type: AttentionType, head: number): Weights | null {
    return this.weights[type]?.[head] ?? null;
  }

  /** Largest possible error of a head's values of that type: its own, whatever the magnitude of other heads is. */
  errorBound(type: AttentionType, head: number): number {
    const own = boundOf(this.props.attention, head);
    const weights = type === "standard" ? undefined : this.props.weights[type];
    // |a w - A W| <= |a - A| w + |A| |w - W|, and no weight is above 1
    return weights ? own + this.largest(head) * boundOf(weights, head) : own;
  }

  /** Largest magnitude of a head's values. */
  largest(head: number): number {
    return largestOf(this.props.attention, head);
  }

  /** Rows and columns of a head's preview. */
  get previewShape(): { rows: number; cols: number } {
    const [tall, wide] = this.props.previewBlock;
    return { rows: Math.ceil(this.dest / tall), cols: Math.ceil(this.src / wide) };
  }

  /** A head if it is decoded. */
  peek(head: number): Matrix | undefined {
    const known = this.ready.get(head);
    if (known && this.held > this.room / 2) this.renew(head, known); // before that nothing is about to go
    return known;
  }

  /** A head, decoded now if it is not yet, and kept: in place of others that were not asked for as long, where there is no room. */
  async load(head: number): Promise<Matrix> {
    const matrix = await this.decode(head);
    if (!this.ready.has(head)) {
      this.makeRoom(matrix.codes.length);
      this.keep(head, matrix);
    }
    return matrix;
  }

  /** A head that is needed once: it is kept only where there is room. */
  async read(head: number): Promise<Matrix> {
    const matrix = await this.decode(head);
    if (!this.ready.has(head) && this.held + matrix.codes.length <= this.room) this.keep(head, matrix);
    return matrix;
  }

  /** Lets go of the decoded heads. Not of a sequence that is drawn: it would ask for them again and again. */
  release(): void {
    this.ready.clear();
    this.held = 0;
  }

  private decode(head: number): Promise<Matrix> {
    const known = this.peek(head);
    if (known) return Promise.resolve(known);
    let loading = this.pending.get(head);
    if (!loading) {
      const tensor = this.props.attention;
      loading = decodeChunk(tensor, tensor.chunks.length === 1 ? 0 : head)
        .then((codes) => matrixOf(tensor, head, codes))
        .catch((error: unknown) => {
          this.broken.add(head);
          throw error;
        })
        .finally(() => this.pending.delete(head));
      this.pending.set(head, loading);
    }
    return loading;
  }

  private keep(head: number, matrix: Matrix): void {
    this.ready.set(head, matrix);
    this.held += matrix.codes.length;
  }

  /** Lets go of heads until so many codes more are within bounds. */
  private makeRoom(codes: number): void {
    for (const [head, matrix] of this.ready) {
      if (this.held + codes <= this.room) return;
      this.ready.delete(head);
      this.held -= matrix.codes.length;
    }
  }

  private renew(head: number, matrix: Matrix): void {
    this.ready.delete(head);
    this.ready.set(head, matrix);
  }

  private preview(): Promise<Matrix[]> {
    const tensor = this.props.preview;
    if (!tensor) return Promise.resolve([]);
    this.previews ??= decodeChunk(tensor, 0).then((codes) =>
      Array.from({ length: this.heads }, (_, head) => matrixOf(tensor, head, codes)),
    );
    return this.previews;
  }

  private async decodeWeights(): Promise<void> {
    const decode = async (type: WeightedType, tensor: Tensor) => {
      const codes = await decodeChunk(tensor, 0);
      this.weights[type] = Array.from({ length: this.heads }, (_, head) => {
        const scale = tensor.scales[head] as number;
        const part = codes.subarray(head * this.src, (head + 1) * this.src);
        const values = new Float32Array(part.length);
        for (let i = 0; i < part.length; i++)
          values[i] = part[i] === tensor.missing ? NaN : ((part[i] as number) - tensor.zero) * scale;
        return values;
      });
    };
    await Promise.all(weightsOf(this.props).map(([type, tensor]) => decode(type, tensor)));
  }
}

function weightsOf(sequence: AttentionSequence): [WeightedType, Tensor][] {
  return Object.entries(sequence.weights) as [WeightedType, Tensor][];
}

/** The types that every sequence has the weights for, "standard" first. */
export function offeredTypes([first, ...others]: AttentionSequence[]): AttentionType[] {
  const types = first ? weightsOf(first).map(([type]) => type) : [];
  return ["standard", ...types.filter((type) => others.every((sequence) => type in sequence.weights))];
}

/** The value of a cell under a type: attention[dest, src] * weights[src]. NaN where there is none. */
export function valueAt(matrix: Matrix, weights: Weights | null, dest: number, src: number): number {
  const value = matrix.at(dest, src);
  return weights ? value * (weights[src] as number) : value;
}
