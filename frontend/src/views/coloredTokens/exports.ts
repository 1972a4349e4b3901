/** What readers can take from texts of colored tokens: the values of the kind that is shown, and the call. */
import type { Exports, Field } from "../../export/exports";
import { formatTick } from "../../text/number";
import type { ColoredTokensState } from "./coloredTokensState.svelte";

export function coloredTokensExports(view: ColoredTokensState): Exports {
  const { props } = view;
  return {
    name: () => `tokens ${view.kindName(view.keptKind)}`,
    table: () => {
      const { values } = view;
      if (!values) return null;
      const kind = view.keptKind;
      const rows = values.flatMap((text, sample) =>
        (props.samples[sample]?.tokens ?? []).map((token, position): Field[] => [
          sample,
          props.kinds[kind]?.name ?? "",
          position,
          token,
          text.of(kind)[position] ?? NaN,
        ]),
      );
      return { columns: ["sample", "kind", "position", "token", "value"], rows };
    },
    call: props.call,
    shown: () => {
      const [low, high] = view.range;
      const changed = view.range !== view.initialRange;
      const only = props.kinds.length === 1;
      return {
        settings: changed && only ? { min_value: low, max_value: high } : {},
        choices: [
          ...(view.keptKind > 0 ? [`values ${JSON.stringify(view.kindName(view.keptKind))}`] : []),
          ...(changed && !only ? [`colors from ${formatTick(low)} to ${formatTick(high)}`] : []),
        ],
      };
    },
  };
}
