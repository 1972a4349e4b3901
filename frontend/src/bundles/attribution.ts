/** The script of attribution figures. */
import AttributionView from "../views/attribution/AttributionView.svelte";
import { register, type Views } from "../views";

export const views = {
  AttributionView: { component: AttributionView, label: "Attribution" },
} satisfies Partial<Views>;

register(views);

export { mount, mountAll } from "../main";
