/** What texts of colored tokens show: the kind of value, the range of its colors, the hovered and the pinned token. */
import { customPalette } from "../../color/customPalette";
import type { ThemeName } from "../../color/palette";
import type { Range } from "../../color/scale";
import { SidedScale } from "../../color/sidedScale";
import type { ColoredTokensProps } from "../../props";
import { HoverPin } from "../../state/hoverPin.svelte";
import { tokenName } from "../../text/names";
import { plain } from "../../text/tokenText";
import type { Place } from "../../tokens/choice";
import { isSamePlace } from "../../tokens/choice";
import type { TokenValues } from "./tokenValues";
import { loadTokenValues } from "./tokenValues";

/** Kinds that a sentence names; of more, it names the one that is shown. */
const NAMED = 6;

export class ColoredTokensState {
  /** One per text; null until all are decoded. */
  values: TokenValues[] | null = $state.raw(null);
  error = $state("");
  /** The kind whose button is pressed, and the one whose button the mouse is over. */
  keptKind = $state(0);
  hoveredKind: number | null = $state(null);
  readonly choice = new HoverPin<Place>(isSamePlace);
  /** The range of each kind, as the reader set it. */
  private ranges: Range[] = $state.raw([]);
  readonly kind = $derived(this.hoveredKind ?? this.keptKind);
  readonly range: Range = $derived(this.ranges[this.kind] as Range);
  readonly scale: SidedScale;
  readonly missing = $derived(this.values?.some((values) => values.hasMissing(this.kind)) ?? false);

  constructor(
    readonly props: ColoredTokensProps,
    theme: () => ThemeName,
  ) {
    this.ranges = props.kinds.map(({ valueRange }) => valueRange);
    this.scale = $derived(new SidedScale(this.range, customPalette(theme(), props.colors)));
  }

  async open(): Promise<void> {
    try {
      this.values = await Promise.all(this.props.samples.map(({ values }) => loadTokenValues(values)));
    } catch (error) {
      this.error = `The values could not be decoded: ${String(error)}`;
    }
  }

  /** The range of the shown kind as the figure was made. */
  get initialRange(): Range {
    return this.props.kinds[this.kind]?.valueRange as Range;
  }

  setRange(range: Range): void {
    this.ranges = this.ranges.map((old, kind) => (kind === this.kind ? range : old));
  }

  /** The name of a kind; "Value" where the only one has none. */
  kindName(kind: number): string {
    return plain(this.props.kinds[kind]?.name || "Value");
  }

  /** A token and its values in words. */
  describe({ text, token }: Place): string {
    const name = tokenName(this.props.samples[text]?.tokens ?? [], token);
    const { kinds, samples } = this.props;
    const where = samples.length > 1 ? `Text ${text}, token ${name}` : `Token ${name}`;
    if (kinds.length === 1) return `${where}: ${this.valueText(text, 0, token)}`;
    const named = kinds.length <= NAMED ? kinds.map((_, kind) => kind) : [this.kind];
    const values = named.map((kind) => `${this.kindName(kind)} = ${this.valueText(text, kind, token)}`);
    return `${where}: ${values.join(", ")}`;
  }

  valueText(text: number, kind: number, token: number): string {
    return this.values?.[text]?.text(kind, token) ?? "";
  }
}
