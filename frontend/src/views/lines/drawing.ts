/** The lines as a drawing of their own: a caption, the labels over the columns, and all rows. */
import { css } from "../../color/color";
import type { Drawing, Ink, Pen } from "../../export/exports";
import { FONT_FAMILY } from "../../text/font";
import { headName } from "../../text/names";
import { fitted } from "../../text/paintLabel";
import { columnLabel } from "./columnLabels";
import { headsLayout, headsScene, strongestInSight } from "./headsScene";
import { type Column, type Layout, ROW } from "./layout";
import { lineLayout, lineScene, OVERHANG } from "./lineScene";
import type { LinesState } from "./linesState.svelte";
import { paint } from "./paint";
import { paintHeads } from "./paintHeads";
import type { SeveralHeads } from "./severalHeads.svelte";

/** CSS pixels across, around all of it, and of the lines of caption, names of heads and labels of columns. */
const [WIDTH, MARGIN, CAPTION, NAMES, LABELS] = [1000, 12, 26, 18, 36];
/** CSS pixels of a head's swatch, and behind its name. */
const [SWATCH, BEHIND] = [10, 12];

/** Null while nothing is decoded. */
export function oneHeadDrawing(view: LinesState, caption: string, ink: Ink): Drawing | null {
  const { drawn, numbers } = view;
  if (!drawn) return null;
  const layout = lineLayout(view, drawn, WIDTH);
  const height = Math.max(drawn.source.dest, drawn.source.src) * ROW;
  const scene = lineScene(
    view,
    drawn,
    { layout, order: view.sources(numbers), numbers, height, top: 0 },
    ink,
  );
  const labels = (column: Column) => columnLabel(view, column);
  return framed({ layout, height, caption, labels, above: 0 }, ink, (pen) => paint(pen, scene));
}

export function severalHeadsDrawing(several: SeveralHeads, caption: string, ink: Ink): Drawing | null {
  const { decoded, view } = several;
  if (!decoded) return null;
  const layout = headsLayout(several, WIDTH);
  const height = Math.max(decoded.source.dest, decoded.source.src) * ROW;
  const strongest = () => strongestInSight(several, { top: 0, height });
  const scene = headsScene(several, { layout, height, top: 0 }, strongest, ink);
  if (!scene) return null;
  const labels = (column: Column) => columnLabel(view, column);
  const names = namesOf(several, layout.width + OVERHANG);
  const frame = { layout, height, caption, labels, above: names.lines * NAMES };
  return framed(
    frame,
    ink,
    (pen) => paintHeads(pen, scene),
    (pen) => names.paint(pen, ink),
  );
}

interface Frame {
  layout: Layout;
  height: number;
  caption: string;
  labels: (column: Column) => [string, string];
  /** CSS pixels between caption and labels. */
  above: number;
}

function framed(
  { layout, height, caption, labels, above }: Frame,
  ink: Ink,
  rows: (pen: Pen) => void,
  between: (pen: Pen) => void = () => undefined,
): Drawing {
  const width = layout.width + OVERHANG;
  return {
    width: width + 2 * MARGIN,
    height: CAPTION + above + LABELS + height + 2 * MARGIN,
    paint: (pen) => {
      pen.save();
      pen.translate(MARGIN, MARGIN);
      write(pen, caption, { x: 0, width }, 10, `bold 13px ${FONT_FAMILY}`, ink.text);
      pen.translate(0, CAPTION);
      between(pen);
      pen.translate(0, above);
      for (const column of layout.columns) {
        const [name, detail] = labels(column);
        const right = ["dest", "dot", "addedTerm", "score"].includes(column.part);
        write(pen, name, column, 10, `bold 12px ${FONT_FAMILY}`, ink.text, right);
        write(pen, detail, column, 25, `10px ${FONT_FAMILY}`, ink.quiet, right);
      }
      pen.translate(0, LABELS);
      rows(pen);
      pen.restore();
    },
  };
}

function write(
  pen: Pen,
  text: string,
  { x, width }: Pick<Column, "x" | "width">,
  y: number,
  font: string,
  color: string,
  right = false,
): void {
  pen.font = font;
  pen.fillStyle = color;
  pen.textBaseline = "middle";
  pen.textAlign = right ? "right" : "left";
  pen.fillText(fitted(pen, text, width), right ? x + width : x, y);
  pen.textAlign = "left";
}

/** The names of the heads beside their colors, in as many lines as they need. */
function namesOf(
  several: SeveralHeads,
  width: number,
): { lines: number; paint: (pen: Pen, ink: Ink) => void } {
  const pen = document.createElement("canvas").getContext("2d");
  const font = `11px ${FONT_FAMILY}`;
  if (pen) pen.font = font;
  let [x, line] = [0, 0];
  const places = several.heads.map(({ head, hue }) => {
    const text = headName(several.view.props.heads[head]?.name ?? "");
    const room = SWATCH + 4 + (pen?.measureText(text).width ?? 0) + BEHIND;
    if (x > 0 && x + room > width) [x, line] = [0, line + 1];
    const place = { x, y: line * NAMES, text, color: css(hue) };
    x += room;
    return place;
  });
  return {
    lines: line + 1,
    paint: (pen, ink) => {
      for (const { x, y, text, color } of places) {
        pen.fillStyle = color;
        pen.fillRect(x, y + 2, SWATCH, SWATCH);
        write(pen, text, { x: x + SWATCH + 4, width }, y + 7, font, ink.text);
      }
    },
  };
}
