/** The data of one sequence, decoded on demand: previews and weights at first, then head by head. */
import type { AttentionSequence, AttentionType } from "../props";
import { boundOf, largestOf } from "./bounds";
import { decodeChunk, isFar } from "./decode";
import { HeadCache } from "./headCache";
import type { Matrix } from "./matrix";
import { matrixOf } from "./matrix";
import { Dropped } from "./requests";
import { Unreached } from "./unreached";
import { decodeWeights, type Weights } from "./weights";

export class Source {
  readonly dest: number;
  readonly src: number;
  readonly heads: number;
  readonly srcTokens: string[];
  /** Heads that could not be decoded. They are not tried again by themselves: it would fail again, in every frame. */
  readonly broken = new Set<number>();
  /** Those of them that the reader may ask for again. */
  private readonly unreached = new Set<number>();
  private readonly decoding = new Map<number, Promise<Matrix>>();
  private leaving = new AbortController();
  private weights: Partial<Record<AttentionType, Weights[]>> = {};
  private opened: Promise<Matrix[]> | undefined;

  constructor(
    readonly props: AttentionSequence,
    private readonly cache = new HeadCache(),
  ) {
    [this.heads = 0, this.dest = 0, this.src = 0] = props.attention.shape;
    this.srcTokens = props.srcTokens ?? props.destTokens;
  }

  /** Whether each head costs a request, so that nothing may read all of them unasked. */
  get far(): boolean {
    return isFar(this.props.attention);
  }

  /** Whether anything failed that may be there if it is asked for again. */
  get canRetry(): boolean {
    return this.unreached.size > 0;
  }

  /** Lets heads that were not reached be asked for again. */
  retry(): void {
    for (const head of this.unreached) this.broken.delete(head);
    this.unreached.clear();
  }

  /** Decodes what the first picture needs, the previews and the weights. Returns the preview of each head. */
  open(): Promise<Matrix[]> {
    this.opened ??= this.decodeFirst().catch((error: unknown) => {
      if (error instanceof Unreached) this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  /** The weights of a head, null for standard attention. Only after `open`. */
  weightsOf(type: AttentionType, head: number): Weights | null {
    return this.weights[type]?.[head] ?? null;
  }

  /** Largest possible error of a head's values of that type. It does not depend on the magnitude of other heads. */
  errorBound(type: AttentionType, head: number): number {
    const attentionBound = boundOf(this.props.attention, head);
    const weights = type === "standard" ? undefined : this.props.weights[type];
    // |a w - A W| <= |a - A| w + |A| |w - W|, and no weight is above 1
    return weights ? attentionBound + this.largest(head) * boundOf(weights, head) : attentionBound;
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

  /** Codes of all heads that are decoded. */
  get decodedCodes(): number {
    return this.cache.codes;
  }

  /** A head if it is decoded. */
  peek(head: number): Matrix | undefined {
    return this.cache.get(head);
  }

  /** A head, decoded if it is not yet, and kept. */
  async load(head: number): Promise<Matrix> {
    const matrix = await this.decode(head);
    this.cache.add(head, matrix);
    return matrix;
  }

  /** A head that is needed only once: it is kept if it takes the place of no other. */
  async read(head: number): Promise<Matrix> {
    const matrix = await this.decode(head);
    this.cache.addIfRoom(head, matrix);
    return matrix;
  }

  /** Stops asking for heads: another sequence is drawn. */
  leave(): void {
    this.leaving.abort();
    this.leaving = new AbortController();
  }

  /** Drops all decoded heads. Not for the drawn sequence, which would decode them again at once. */
  dropHeads(): void {
    this.cache.clear();
  }

  private decode(head: number): Promise<Matrix> {
    const decoded = this.peek(head);
    if (decoded) return Promise.resolve(decoded);
    let decoding = this.decoding.get(head);
    if (!decoding) {
      const tensor = this.props.attention;
      decoding = decodeChunk(tensor, tensor.chunks.length === 1 ? 0 : head, this.leaving.signal)
        .then((codes) => matrixOf(tensor, head, codes))
        .catch((error: unknown) => {
          if (!(error instanceof Dropped)) this.broken.add(head);
          if (error instanceof Unreached) this.unreached.add(head);
          throw error;
        })
        .finally(() => this.decoding.delete(head));
      this.decoding.set(head, decoding);
    }
    return decoding;
  }

  private async decodeFirst(): Promise<Matrix[]> {
    const tensor = this.props.preview;
    const [weights, codes] = await Promise.all([decodeWeights(this.props), tensor && decodeChunk(tensor, 0)]);
    this.weights = weights;
    if (!tensor || !codes) return [];
    return Array.from({ length: this.heads }, (_, head) => matrixOf(tensor, head, codes));
  }
}
