/** The script of the logit lens. */
import LogitLens from "../views/logitLens/LogitLens.svelte";
import { register, type Views } from "../views";

export const views = {
  LogitLens: { component: LogitLens, label: "Logit lens" },
} satisfies Partial<Views>;

register(views);

export { mount, mountAll } from "../main";
