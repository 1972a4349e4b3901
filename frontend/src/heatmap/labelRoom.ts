/** How much room the labels of a heatmap's axis need, so that short labels do not leave a wide empty margin. */
import { FONT_FAMILY } from "../text/font";
import { plain } from "../text/tokenText";
import type { AxisLabels } from "./axisLabels";
import { UPRIGHT_PITCH } from "./layout";

const FONT = `bold 11px ${FONT_FAMILY}`;
const NUMBER_FONT = `bold 9px ${FONT_FAMILY}`;
const SMALLEST = 30;
export const LARGEST = 104;
/** The names of several tokens say how many those are: where they are cut, that is lost first. */
const LARGEST_NAME = 140;
/** Only the longest texts are measured: measuring all of a large batch would take longer than drawing it. */
const MEASURED = 60;

/**
 * CSS pixels for the widest label, its number and the gap included; longer ones are cut off.
 * @param axes all that may be shown in the same place: the room is enough for each of them
 */
export function labelRoom(axes: readonly AxisLabels[]): number {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return LARGEST;
  const labelsOf = (kind: AxisLabels["kind"]) => [
    ...new Set(axes.filter((axis) => axis.kind === kind).flatMap((axis) => axis.labels)),
  ];
  const texts = [...labelsOf("token").map(plain), ...labelsOf("text")].sort((a, b) => b.length - a.length);
  const digits = Math.max(0, ...axes.map(mostDigits));
  pen.font = NUMBER_FONT;
  const number = digits > 0 ? pen.measureText(`${"0".repeat(digits)} `).width : 0;
  pen.font = FONT;
  const widest = Math.max(0, ...texts.slice(0, MEASURED).map((text) => pen.measureText(text).width));
  const names = axes.flatMap(({ labels, names }) => [...(names ?? [])].map((index) => labels[index] ?? ""));
  const widestName = Math.max(0, ...names.map((text) => pen.measureText(text).width));
  const largest = Math.max(...axes.map(({ room = LARGEST }) => room));
  const room = Math.min(largest, Math.max(SMALLEST, Math.ceil(number + widest + 4)));
  return Math.max(room, Math.min(LARGEST_NAME, Math.ceil(widestName + 4)));
}

/**
 * CSS pixels that labels take beyond the last column. Of leaning ones the first, which is often the longest, does not reach there.
 */
export function roomBeyond(axes: readonly AxisLabels[]): number {
  if (axes.every(({ upright }) => upright)) return UPRIGHT_PITCH / 2;
  const withoutFirst = axes.map((axis) => ({
    ...axis,
    labels: axis.labels.slice(1),
    positions: axis.positions?.slice(1) ?? null,
  }));
  return Math.max(20, labelRoom(withoutFirst) / 2);
}

/** CSS pixels of a legend's text, which a picture has on one line. */
export function legendWidth(text: string): number {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return 0;
  pen.font = `12px ${FONT_FAMILY}`;
  return Math.ceil(pen.measureText(text).width);
}

/** Digits of the largest number before an axis's labels; 0 where there are no numbers. */
function mostDigits({ labels, positions, kind }: AxisLabels): number {
  if (positions) return String(Math.max(0, ...positions)).length;
  return kind === "token" ? String(Math.max(0, labels.length - 1)).length : 0;
}
