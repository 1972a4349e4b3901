/** What readers can take from the table of top and bottom tokens: its entries, and the call. */
import type { Exports, Field } from "../../export/exports";
import { entryAt, neuronName } from "./descriptions";
import type { TopkState } from "./topkState.svelte";

export function topkTokensExports(view: TopkState): Exports {
  const { props } = view;
  return {
    name: () =>
      `top tokens ${props.firstDimensionName} ${view.layer} ${props.thirdDimensionName} ${view.neuron}`,
    table: () => {
      const { page, rows, drawn, shownK } = view;
      if (!page) return null;
      const entries = page.columns.flatMap((_, column) =>
        rows.flatMap(({ end, index }, row): Field[][] => {
          const entry = entryAt(view, { row, column });
          if (!entry) return [];
          const neuron = page.first + column;
          const rank = end === "top" ? index + 1 : shownK - index;
          const { position, value } = entry;
          const token = drawn.tokens[position] ?? "";
          const name = neuronName(view, neuron);
          return [[page.sample, page.layer, neuron, name, end, rank, position, token, value]];
        }),
      );
      const columns = [
        "sample",
        "layer",
        "neuron",
        "neuron_label",
        "end",
        "rank",
        "position",
        "token",
        "value",
      ];
      return { columns, rows: entries };
    },
    call: props.call,
    shown: () => ({
      settings: {},
      choices: [
        ...(view.sample > 0 ? [`Sample ${view.sample}`] : []),
        ...(view.layer > 0 ? [`${props.firstDimensionName} ${view.layer}`] : []),
        ...(view.neuron > 0 ? [`${props.thirdDimensionName} ${view.neuron}`] : []),
        ...(view.ends === "both" ? [] : [`${view.ends} tokens alone`]),
      ],
    }),
  };
}
