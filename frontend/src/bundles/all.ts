/** The script with all views: of figures of several kinds, and of pages with several figures. */
import Tabs from "../views/tabs/Tabs.svelte";
import { register, type Views } from "../views";
import { views as attention } from "./attention";
import { views as attribution } from "./attribution";
import { views as edge } from "./edge";
import { views as lens } from "./lens";
import { views as lines } from "./lines";
import { views as map } from "./map";
import { views as tokens } from "./tokens";

register({
  ...attention,
  ...lines,
  ...attribution,
  ...map,
  ...lens,
  ...edge,
  ...tokens,
  Tabs: { component: Tabs, label: "Figures" },
} satisfies Views);

export { mount, mountAll } from "../main";
