/** What readers can take from a score map: map or scatter as a picture, all scores of all heads, and the call that shows the same. */
import { switchSettings } from "../../controls/switchSettings";
import type { Exports, Field } from "../../export/exports";
import { heatmapDrawing } from "../../heatmap/drawing";
import { describeHead, scoreName } from "./descriptions";
import { cellOf, mapHeatmap } from "./mapHeatmap";
import { scatterDrawing } from "./scatterDrawing";
import type { ScoreMapState } from "./scoreMapState.svelte";

export function scoreMapExports(view: ScoreMapState): Exports {
  const { props, names } = view;
  const pinned = () => {
    const head = view.pin.pinned;
    return head !== null && head < names.length ? head : null;
  };
  return {
    name: () => `heads ${scoreName(view)}`,
    picture: (ink) => {
      if (view.form === "scatter") return scatterDrawing(view, ink);
      const head = pinned();
      const caption = head === null ? scoreName(view) : describeHead(view, head);
      return heatmapDrawing(
        {
          ...mapHeatmap(view),
          caption,
          pinned: head === null ? null : cellOf(view, head),
          marks: view.keptHeads.map((kept) => cellOf(view, kept)),
        },
        ink,
      );
    },
    table: () =>
      view.ready ? { columns: ["score", "layer", "head", "name", "value"], rows: rows(view) } : null,
    call: props.call,
    shown: () => {
      const head = pinned();
      return {
        settings: {
          focus: head === null ? null : { head: names[head] ?? "" },
          kept: view.kept.size > 0 ? view.keptHeads.map((kept) => names[kept] ?? "") : null,
          ...switchSettings(view.transform),
          // of a single score, the argument is its name
          ...(props.scores.length > 1 ? { score: view.score === 0 ? null : view.shownScore.name } : {}),
        },
        choices:
          view.form === "scatter" ? [`a scatter against ${JSON.stringify(scoreName(view, view.other))}`] : [],
      };
    },
  };
}

/** A row for each score and head, as Python's `_export/score_map_table.py` has them. */
function* rows(view: ScoreMapState): Iterable<Field[]> {
  const { scores, layers, nHeads } = view.props;
  for (const [index, { name }] of scores.entries())
    for (const [head, value] of view.values(index).entries())
      yield [name, layers[Math.floor(head / nHeads)] ?? null, head % nHeads, view.names[head] ?? "", value];
}
