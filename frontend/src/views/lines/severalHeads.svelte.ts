/** Which heads the lines view shows together, and their decoded patterns. */
import { SvelteSet } from "svelte/reactivity";
import { headHue } from "../../color/palette";
import { ColorScale } from "../../color/scale";
import type { Matrix } from "../../data/matrix";
import type { Source } from "../../data/source";
import type { Weights } from "../../data/weights";
import { groupByLayer } from "../../heads/groups";
import { type DrawnHead, type HeadLines, linesOfHead } from "./headLines";
import { type Ends, endsOf } from "./lineFilter";
import type { LinesState } from "./linesState.svelte";
import { singles } from "./singles";

/** Heads that are on at first: hues of more cannot be told apart. */
const MOST_AT_FIRST = 32;
/** Heads whose hues go round the circle in their order; and the part of the circle between two heads where there are more. */
const MOST_IN_ORDER = 32;
const GOLDEN = 0.381966;

export class SeveralHeads {
  /** Whether several heads are shown, instead of one with its computation. */
  shown = $state(false);
  /** The head whose lines stand out, while its switch is pointed at. */
  emphasised: number | null = $state(null);
  /** The heads on screen. They stay until the next chosen ones are decoded. */
  decoded: { source: Source; heads: { head: number; matrix: Matrix }[] } | null = $state.raw(null);
  /** Places among the offered heads that are off. They stay off when another layer is chosen. */
  private readonly off = new SvelteSet<number>();
  private readonly lines = new WeakMap<
    Matrix,
    { weights: Weights | null; scale: ColorScale; lines: HeadLines }
  >();
  private latestRequest = 0;

  /** The heads that can be switched on: those of the chosen layer, or all. */
  readonly offered: number[] = $derived.by(() => {
    const { heads, headSelector } = this.view.props;
    const layer = heads[this.view.head]?.layer;
    return heads.flatMap((head, i) => (headSelector === "head" || head.layer === layer ? [i] : []));
  });
  /** The heads that are on. */
  readonly on: number[] = $derived.by(() => this.offered.filter((_, place) => !this.off.has(place)));
  /** The heads on screen, with what their values and colors follow from. */
  readonly heads: DrawnHead[] = $derived.by(() => {
    const { decoded, view } = this;
    if (!decoded) return [];
    const { source } = decoded;
    const cols = singles(source);
    const { hiding } = view;
    return decoded.heads.map(({ head, matrix }) => {
      const hidden = hiding.of(source, matrix, cols);
      const bound = source.errorBound(view.type, head);
      const least = hiding.leastDivisor(source, head, matrix, cols, { start: 0, end: source.dest });
      return {
        head,
        matrix: hidden && hiding.renormalizes ? hidden.values : matrix,
        lines: hidden?.values ?? matrix,
        hidden: hidden?.sources ?? null,
        weights: source.weightsOf(view.type, head),
        hue: this.hue(head),
        bound: hiding.renormalizes
          ? (bound + source.src * source.errorBound("standard", head)) / least
          : bound,
      };
    });
  });
  /** Which tokens lines are drawn between: a source is faint where it is hidden in all heads. */
  readonly ends: Ends = $derived.by(() => {
    const { heads, view } = this;
    const marks = heads.map(({ hidden }) => hidden);
    const all = marks[0]?.map((_, src) => (marks.every((one) => one?.[src]) ? 1 : 0)) ?? null;
    return endsOf(view.parts, view.filter, all);
  });
  readonly scale: ColorScale = $derived.by(
    () => new ColorScale(this.view.props.valueRange, this.view.palette, { transform: this.view.transform }),
  );

  constructor(readonly view: LinesState) {
    const { heads, headSelector } = view.props;
    if (headSelector === "layer" || heads.length <= MOST_AT_FIRST) return;
    const first = Math.min(groupByLayer(heads)[0]?.end ?? 0, MOST_AT_FIRST);
    for (let place = first; place < heads.length; place++) this.off.add(place);
  }

  /** A head's hue: as its thumbnail would have it among the offered heads. Where there are many, neighbours have distant hues. */
  hue(head: number): DrawnHead["hue"] {
    const { length } = this.offered;
    const place = this.offered.indexOf(head);
    const turn = length > MOST_IN_ORDER ? (place * GOLDEN * length) % length : place;
    return headHue(this.view.palette, turn, length);
  }

  isOn(head: number): boolean {
    return !this.off.has(this.offered.indexOf(head));
  }

  toggle(head: number): void {
    const place = this.offered.indexOf(head);
    if (!this.off.delete(place)) this.off.add(place);
  }

  /** Switches all other heads off; all on where no other was. */
  only(head: number): void {
    const alone = this.on.length === 1 && this.isOn(head);
    this.setAll(alone);
    if (!alone) this.toggle(head);
  }

  setAll(on: boolean): void {
    if (on) this.off.clear();
    else this.offered.forEach((_, place) => this.off.add(place));
  }

  /** Draws heads of a sequence as soon as all of them are decoded, unless others were chosen meanwhile. */
  async load(source: Source, heads: number[]): Promise<void> {
    const request = ++this.latestRequest;
    const loading = heads.map(async (head) => {
      try {
        return { head, matrix: await source.read(head) };
      } catch (error) {
        this.view.sequence.fail(head, error);
        return null;
      }
    });
    const [decoded] = await Promise.all([Promise.all(loading), source.open()]); // `open` decodes the weights
    if (request !== this.latestRequest) return;
    this.decoded = { source, heads: decoded.filter((head) => head !== null) };
  }

  /** All lines of the heads on screen. */
  linesOf(heads: DrawnHead[]): HeadLines[] {
    const { scale } = this;
    return heads.map((head) => {
      const known = this.lines.get(head.lines);
      if (known?.scale === scale && known.weights === head.weights) return known.lines;
      const lines = linesOfHead(head, scale);
      this.lines.set(head.lines, { weights: head.weights, scale, lines });
      return lines;
    });
  }

  /**
   * Handles a key; false if it has no meaning. Up and down move between queries, or between sources after Right, or between the
   * sources of a pinned query.
   */
  key(key: string, order: number[]): boolean {
    const { view } = this;
    const { query, cursor } = view;
    if (["s", "e"].includes(key.toLowerCase())) return false;
    if (query.pinned === null) {
      const atSource = query.hovered === null && cursor.src !== null;
      if (key === "ArrowRight") {
        if (!atSource) view.point(Math.min(query.hovered ?? 0, order.length - 1), null);
        query.hover(null);
        return true;
      }
      if (key === "ArrowLeft") {
        if (atSource) query.hover(Math.min(cursor.src ?? 0, (this.decoded?.source.dest ?? 1) - 1));
        view.point(null, null);
        return true;
      }
      if (atSource) return view.moveSource(key, order);
    }
    return view.key(key, order);
  }
}
