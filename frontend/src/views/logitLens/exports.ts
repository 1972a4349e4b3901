/** What readers can take from a logit lens: a picture of the part in sight, all numbers, and the call. */
import type { ValueColors } from "../../color/scale";
import type { Drawing, Exports, Ink } from "../../export/exports";
import { BAR, legendScene, TICK_LINE } from "../../heatmap/legend";
import { paintLegend } from "../../heatmap/paintScene";
import { FONT_FAMILY } from "../../text/font";
import { fitted } from "../../text/paintLabel";
import { legendOf } from "./coloring";
import type { GridView } from "./grid";
import { ABOVE, BELOW, CELL, inSight, NAMES } from "./grid";
import type { LensSource } from "./lensSource";
import type { LensState } from "./lensState.svelte";
import { paintGrid } from "./paintGrid";
import { gridScene } from "./scene";
import { allCells } from "./table";

/** CSS pixels around the picture, of its caption, and of the legend. */
const [MARGIN, CAPTION, LEGEND] = [12, 26, 26 + BAR.top + BAR.height + TICK_LINE];
const LEAST_WIDTH = 420;

export function lensExports(lens: LensState, view: () => GridView | null, scale: () => ValueColors): Exports {
  let all: LensSource[] | null = null;
  return {
    name: () => "logit lens",
    picture: (ink) => {
      const seen = view();
      return seen && drawing(lens, seen, scale(), ink);
    },
    load: async () => (all = await lens.loadAll()),
    table: () => all && allCells(lens, all),
    call: lens.props.call,
    shown: () => {
      const { pinned } = lens.choice;
      const place = pinned && {
        ...(lens.chosen > 0 && { sequence: lens.chosen }),
        layer: lens.props.stages[lens.stageOf(pinned.row)] ?? "",
        position: lens.source.sequence.positions[pinned.col] ?? 0,
      };
      const choices = lens.chosen > 0 && !place ? [`sequence ${lens.chosen}`] : [];
      return { settings: { color_by: lens.value === "top" ? null : lens.value, focus: place }, choices };
    },
  };
}

/** The cells in sight, moved so that no first one is cut. */
function drawing(lens: LensState, view: GridView, scale: ValueColors, ink: Ink): Drawing {
  const { top, left, bottom, right } = inSight(view);
  const frame = {
    width: NAMES + (right - left) * CELL.width,
    height: ABOVE + (bottom - top) * CELL.height + BELOW,
  };
  const scroll = { left: left * CELL.width, top: top * CELL.height };
  const scene = gridScene(lens, { ...view, frame, scroll }, scale);
  const legend = legendScene({ scale, text: legendText(lens), masked: false, missing: false });
  const width = Math.max(frame.width + 2 * MARGIN, LEAST_WIDTH);
  return {
    width,
    height: MARGIN + CAPTION + frame.height + LEGEND + 2 * MARGIN,
    paint: (pen) => {
      pen.save();
      pen.translate(MARGIN, MARGIN + CAPTION);
      paintGrid(pen, scene, ink, new Map());
      pen.restore();
      pen.font = `bold 13px ${FONT_FAMILY}`;
      pen.fillStyle = ink.text;
      pen.textAlign = "left";
      pen.textBaseline = "middle";
      pen.fillText(
        fitted(pen, lens.props.title ?? "Logit lens", width - 2 * MARGIN),
        MARGIN,
        MARGIN + CAPTION / 2 - 4,
      );
      paintLegend(pen, { ...legend, x: MARGIN, y: MARGIN + CAPTION + frame.height + MARGIN }, ink);
    },
  };
}

export function legendText(lens: LensState): string {
  return `${legendOf(lens.value)}. Bold: the top token is the target.`;
}
