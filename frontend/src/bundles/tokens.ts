/** The script of figures of tokens, neurons and samples. */
import ColoredTokens from "../views/coloredTokens/ColoredTokens.svelte";
import Hello from "../views/hello/Hello.svelte";
import TextNeuronActivations from "../views/activations/TextNeuronActivations.svelte";
import TokenLogProbs from "../views/logProbs/TokenLogProbs.svelte";
import TopkSamples from "../views/topkSamples/TopkSamples.svelte";
import TopkTokens from "../views/topkTokens/TopkTokens.svelte";
import { register, type Views } from "../views";

export const views = {
  ColoredTokens: { component: ColoredTokens, label: "Colored tokens" },
  Hello: { component: Hello, label: "Greeting" },
  TextNeuronActivations: { component: TextNeuronActivations, label: "Activations" },
  TokenLogProbs: { component: TokenLogProbs, label: "Log probabilities" },
  TopkSamples: { component: TopkSamples, label: "Samples" },
  TopkTokens: { component: TopkTokens, label: "Top and bottom tokens" },
} satisfies Partial<Views>;

register(views);

export { mount, mountAll } from "../main";
