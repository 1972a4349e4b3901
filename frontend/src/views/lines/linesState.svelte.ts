/** What the lines view shows: its head, the query, source and dimension that are pointed at, the order of sources, the decoded data. */
import type { Palette, ThemeName } from "../../color/palette";
import { customPalette } from "../../color/customPalette";
import type { TransformName } from "../../color/transform";
import { lastSource } from "../../data/mask";
import type { Source } from "../../data/source";
import { offeredTypes, type Weights } from "../../data/weights";
import type { AttentionType, LinesSequence, LinesViewProps } from "../../props";
import { type HiddenHead, Hiding } from "../../state/hiding.svelte";
import { HoverPin } from "../../state/hoverPin.svelte";
import { SequenceState } from "../../state/sequenceState.svelte";
import { headName } from "../../text/names";
import { ComputationCache, type HeadComputation } from "./computation";
import type { Order } from "./layout";
import { sourceOrder } from "./layout";
import { ALL_LINES, type Ends, endsOf, type LineFilter, type Parts, partsOf } from "./lineFilter";
import type { QueryNumbers } from "./queryNumbers";
import { orderValues, queryNumbers } from "./queryNumbers";
import { scaleEnds, type ScaleEnds } from "./colorScales";
import { singles } from "./singles";

/** A source row, and a dimension of its vectors. */
export interface Cursor {
  src: number | null;
  dim: number | null;
}

/** The head on screen. It stays until the next chosen one is decoded. */
export interface Drawn {
  source: Source;
  head: number;
  computation: HeadComputation;
  scales: ScaleEnds | null;
}

const NOWHERE: Cursor = { src: null, dim: null };

export class LinesState {
  readonly sequence: SequenceState<LinesSequence>;
  readonly types: AttentionType[];
  /** Previews and pins query tokens. */
  readonly query = new HoverPin<number>();
  type: AttentionType = $state("standard");
  head = $state(0);
  expanded = $state(true);
  order: Order = $state("position");
  filter: LineFilter = $state.raw(ALL_LINES);
  transform: TransformName = $state("linear");
  readonly hiding: Hiding;
  cursor: Cursor = $state.raw(NOWHERE);
  /** The head on screen as it was decoded. */
  private decoded: Drawn | null = $state.raw(null);
  private readonly computations = new WeakMap<Source, ComputationCache>();
  private latestRequest = 0;

  constructor(
    readonly props: LinesViewProps,
    private readonly themeName: () => ThemeName,
  ) {
    const { query } = this;
    this.types = offeredTypes(props.sequences);
    this.type = props.attentionType;
    this.transform = props.switches?.colorScale ?? "linear";
    this.hiding = new Hiding(props.switches);
    const { sequence = 0, head = null, dest = null, src = null } = props.focus ?? {};
    this.head = head ?? 0;
    query.pinned = dest;
    this.cursor = { src, dim: null };
    const hooks = {
      onDrawn: ({ dest }: Source) => {
        if (query.focus !== null && query.focus >= dest) query.clear();
      },
    };
    this.sequence = new SequenceState(props.sequences, props.heads, hooks, sequence);
  }

  /** Draws the first sequence as soon as it is decoded. */
  open(): Promise<void> {
    return this.sequence.open();
  }

  get palette(): Palette {
    return customPalette(this.themeName(), this.props.colors);
  }

  /** Draws a head of a sequence as soon as it is decoded, unless another one was chosen meanwhile. */
  async show(source: Source, head: number): Promise<void> {
    const request = ++this.latestRequest;
    try {
      await source.open(); // the weights
      const computation = await this.computationsOf(source).load(head);
      if (request !== this.latestRequest) return;
      this.decoded = { source, head, computation, scales: scaleEnds(computation) };
      this.point(this.cursor.src, this.cursor.dim);
    } catch (error) {
      this.sequence.fail(head, error);
    }
  }

  /** Relative norms of the drawn sources, null for standard attention. */
  get weights(): Weights | null {
    return this.drawn && this.drawn.source.weightsOf(this.type, this.drawn.head);
  }

  /** The named parts of the tokens on screen. */
  readonly parts: Parts = $derived.by(() => partsOf(this.sequence.props));
  /** The head on screen, with the values of its lines. */
  readonly drawn: Drawn | null = $derived.by(() => {
    const { decoded, hidden, hiding } = this;
    if (!decoded || !hidden || !hiding.renormalizes) return decoded;
    return { ...decoded, computation: { ...decoded.computation, shown: hidden.values } };
  });
  /** The head on screen without its hidden sources; null where nothing is hidden. */
  readonly hidden: HiddenHead | null = $derived.by(() => {
    const { decoded } = this;
    return decoded && this.hiding.of(decoded.source, decoded.computation.attention, singles(decoded.source));
  });
  /** Which tokens lines of one head are drawn between. */
  readonly ends: Ends = $derived.by(() => endsOf(this.parts, this.filter, this.hidden?.sources));

  /** Largest possible error of what lines of a head have, at a query, of a value of this magnitude or less. */
  boundOfLines(source: Source, head: number, dest: number, value = 1): number {
    const bound = source.errorBound(this.type, head);
    const hidden = this.hiding.renormalizes ? this.hidden : null;
    if (!hidden) return bound;
    const addends = Math.min(Math.abs(value), 1) * (lastSource(source.props, dest) + 1);
    // (a + e) / (s + n e) differs from v = a / s by at most (e + v n e) / s
    return (bound + addends * source.errorBound("standard", head)) / (hidden.divisors[dest] ?? 1);
  }

  /** The name of the head on screen. */
  get drawnHeadName(): string {
    return headName(this.props.heads[this.drawn?.head ?? this.head]?.name ?? "");
  }

  /** The query whose computation is shown, null for none. */
  get focus(): number | null {
    const { focus } = this.query;
    return this.drawn && focus !== null && focus < this.drawn.source.dest ? focus : null;
  }

  /** Numbers of the query that is shown. */
  get numbers(): QueryNumbers | null {
    const { drawn, focus } = this;
    return drawn && focus !== null ? queryNumbers(drawn.computation, this.weights, focus) : null;
  }

  /** Sources from top to bottom. */
  sources(numbers: QueryNumbers | null): number[] {
    const order = numbers ? this.order : "position";
    return sourceOrder(
      order,
      numbers ? orderValues(numbers, order) : new Float64Array(this.drawn?.source.src ?? 0),
    );
  }

  /** Points at a source row and a dimension; at neither where they do not exist. */
  point(src: number | null, dim: number | null): void {
    const { source, computation } = this.decoded ?? {}; // not a derived value: this follows decoding, which may outlive the view
    const next = {
      src: src !== null && source && src < source.src ? src : null,
      dim: dim !== null && computation?.queries && dim < computation.queries.length ? dim : null,
    };
    if (next.src !== this.cursor.src || next.dim !== this.cursor.dim) this.cursor = next;
  }

  /**
   * Handles a key; false if the key has no meaning. Up and down move between queries, and between the sources of a pinned one;
   * left and right between dimensions.
   */
  key(key: string, order: number[]): boolean {
    const { drawn, query, cursor } = this;
    if (!drawn) return false;
    const pinned = query.pinned !== null;
    const count = pinned ? order.length : drawn.source.dest;
    const at = pinned ? (cursor.src === null ? null : order.indexOf(cursor.src)) : query.hovered;
    const to = rowAfter(key, at, count);
    if (to !== null) {
      if (pinned) this.point(order[to] ?? null, cursor.dim);
      else query.hover(to);
    } else if (key === "ArrowLeft" || key === "ArrowRight") {
      this.moveDim(key === "ArrowRight" ? 1 : -1);
    } else if (key === "Enter" || key === " ") {
      if (query.focus !== null) query.toggle(query.focus);
    } else if (key.toLowerCase() === "s") {
      this.nextOrder();
    } else if (key.toLowerCase() === "e") {
      this.expanded = !this.expanded;
    } else {
      return false;
    }
    return true;
  }

  /** Points at another source; false if the key does not move. */
  moveSource(key: string, order: number[]): boolean {
    const { src } = this.cursor;
    const to = rowAfter(key, src === null ? null : order.indexOf(src), order.length);
    if (to !== null) this.point(order[to] ?? null, null);
    return to !== null;
  }

  release(): void {
    this.query.clear();
    this.cursor = NOWHERE;
  }

  private nextOrder(): void {
    const orders = ordersOf(this.drawn);
    this.order = orders[(orders.indexOf(this.order) + 1) % orders.length] as Order;
  }

  private moveDim(by: number): void {
    const length = this.drawn?.computation.queries?.length;
    if (length === undefined || this.focus === null) return;
    const { src, dim } = this.cursor;
    this.point(src, dim === null ? (by > 0 ? 0 : length - 1) : Math.min(Math.max(dim + by, 0), length - 1));
  }

  private computationsOf(source: Source): ComputationCache {
    let cache = this.computations.get(source);
    if (!cache) {
      cache = new ComputationCache(this.sequence.propsOf(source), source);
      this.computations.set(source, cache);
    }
    return cache;
  }
}

/** The orders of sources that the head on screen has values for. */
export function ordersOf(drawn: Drawn | null): Order[] {
  const scores = drawn && (drawn.computation.dot || drawn.computation.addedTerm);
  return scores ? ["position", "probability", "score"] : ["position", "probability"];
}

function rowAfter(key: string, at: number | null, count: number): number | null {
  const from = at ?? (key === "ArrowUp" || key === "PageUp" ? count : -1);
  const target: Record<string, number> = {
    ArrowUp: from - 1,
    ArrowDown: from + 1,
    PageUp: from - 10,
    PageDown: from + 10,
    Home: 0,
    End: count - 1,
  };
  const to = target[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), count - 1);
}
