/** The script of split scores. */
import EdgeSplit from "../views/edgeSplit/EdgeSplit.svelte";
import { register, type Views } from "../views";

export const views = {
  EdgeSplit: { component: EdgeSplit, label: "Why a query attends to a key" },
} satisfies Partial<Views>;

register(views);

export { mount, mountAll } from "../main";
