/** The script of attention figures in mode lines. */
import LinesView from "../views/lines/LinesView.svelte";
import { register, type Views } from "../views";

export const views = {
  LinesView: { component: LinesView, label: "Attention" },
} satisfies Partial<Views>;

register(views);

export { mount, mountAll } from "../main";
