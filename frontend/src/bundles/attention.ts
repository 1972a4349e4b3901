/** The script of attention figures in mode small and large. */
import AttentionHeads from "../views/attention/AttentionHeads.svelte";
import AttentionPatterns from "../views/attention/AttentionPatterns.svelte";
import { register, type Views } from "../views";

export const views = {
  AttentionHeads: { component: AttentionHeads, label: "Attention" },
  AttentionPatterns: { component: AttentionPatterns, label: "Attention" },
} satisfies Partial<Views>;

register(views);

export { mount, mountAll } from "../main";
