/** What readers can take from a `SampleBrowser`: the values of all texts of the neuron that is shown, and the call. */
import type { Exports, Field } from "../export/exports";
import type { FigureProps } from "../props";
import type { SampleBrowserState } from "./sampleBrowser.svelte";

export function sampleExports(view: SampleBrowserState, { call }: FigureProps): Exports {
  const { source, ranked } = view.options;
  return {
    name: () => `samples ${source.outer.name} ${view.outer} ${source.inner(view.outer).name} ${view.inner}`,
    table: () => {
      const { shown, outer, inner } = view;
      if (!shown) return null;
      const place = ranked ? 1 : 0; // ranks count from 1, samples from 0
      const rows = shown.texts.flatMap(({ name, tokens, values }, i) =>
        tokens.map((token, at): Field[] => [outer, inner, i + place, name, at, token, values[at] ?? NaN]),
      );
      const number = ranked ? "rank" : "sample";
      return { columns: ["layer", "neuron", number, "name", "position", "token", "value"], rows };
    },
    call,
    shown: () => {
      const { outer, inner } = view;
      const names: [string, number][] = [
        [source.outer.name, outer],
        [source.inner(outer).name, inner],
      ];
      return {
        settings: {},
        choices: names.flatMap(([name, index]) => (index > 0 ? [`${name} ${index}`] : [])),
      };
    },
  };
}
