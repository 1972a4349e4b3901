/** The registry of views: the Svelte component that draws each kind of figure. Python's is `_wire/views.py`, with the same names. */
import type { Component, Snippet } from "svelte";
import type { ThemeName } from "./color/palette";
import type { FigureOf, PropsByView, Tab, ViewName } from "./props";
import TextNeuronActivations from "./views/activations/TextNeuronActivations.svelte";
import AttentionHeads from "./views/attention/AttentionHeads.svelte";
import AttentionPatterns from "./views/attention/AttentionPatterns.svelte";
import AttributionView from "./views/attribution/AttributionView.svelte";
import ColoredTokens from "./views/coloredTokens/ColoredTokens.svelte";
import Hello from "./views/hello/Hello.svelte";
import LinesView from "./views/lines/LinesView.svelte";
import TokenLogProbs from "./views/logProbs/TokenLogProbs.svelte";
import Tabs from "./views/tabs/Tabs.svelte";
import TopkSamples from "./views/topkSamples/TopkSamples.svelte";
import TopkTokens from "./views/topkTokens/TopkTokens.svelte";

/** What every view is given. */
export interface ViewProps<Props> {
  props: Props;
  theme: ThemeName;
  /** CSS pixels that the figure will probably have across; its exact width is known once it is laid out. */
  room: number;
  /** Draws another figure inside of the view, in the same theme; its second argument is `room`. */
  inner: Snippet<[Tab["figure"], number]>;
}

interface View<Props> {
  component: Component<ViewProps<Props>>;
  /** What screen readers call a figure without a title. */
  label: string;
}

type Views = { [Name in ViewName]: View<PropsByView[Name]> };

export const VIEWS: Views = {
  AttentionPatterns: { component: AttentionPatterns, label: "Attention" },
  AttentionHeads: { component: AttentionHeads, label: "Attention" },
  LinesView: { component: LinesView, label: "Attention" },
  AttributionView: { component: AttributionView, label: "Attribution" },
  Tabs: { component: Tabs, label: "Figures" },
  TextNeuronActivations: { component: TextNeuronActivations, label: "Activations" },
  TopkSamples: { component: TopkSamples, label: "Samples" },
  ColoredTokens: { component: ColoredTokens, label: "Colored tokens" },
  Hello: { component: Hello, label: "Greeting" },
  TopkTokens: { component: TopkTokens, label: "Top and bottom tokens" },
  TokenLogProbs: { component: TokenLogProbs, label: "Log probabilities" },
};

/** The view that a figure names; undefined where this version of the script does not have it. */
export function viewOf<Name extends ViewName>(figure: FigureOf<Name>): Views[Name] | undefined {
  return VIEWS[figure.view];
}
