/** The script of score maps without views of their heads, and of activation patching. */
import PatchingMap from "../views/patching/PatchingMap.svelte";
import ScoreMap from "../views/scoreMap/ScoreMap.svelte";
import { register, type Views } from "../views";

export const views = {
  ScoreMap: { component: ScoreMap, label: "Map of heads" },
  PatchingMap: { component: PatchingMap, label: "Activation patching" },
} satisfies Partial<Views>;

register(views);

export { mount, mountAll } from "../main";
