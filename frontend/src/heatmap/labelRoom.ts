/** How much room the labels of a heatmap's axis need, so that short tokens do not leave a wide empty margin. */
import { FONT_FAMILY } from "../text/font";
import { plain } from "../text/tokenText";

const FONT = `bold 11px ${FONT_FAMILY}`;
const INDEX_FONT = `bold 9px ${FONT_FAMILY}`;
const SMALLEST = 30;
const LARGEST = 104;
/** Only the longest texts are measured: measuring all of a large batch would take longer than drawing it. */
const MEASURED = 60;

/**
 * CSS pixels for the widest label of all sequences, index and gap with it; longer ones are cut off.
 * @param highest of the positions that stand before the tokens, where these are not their indices
 */
export function labelRoom(sequences: readonly (readonly string[])[], highest = 0): number {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return LARGEST;
  const texts = [...new Set(sequences.flat())].map(plain).sort((a, b) => b.length - a.length);
  const tokens = Math.max(0, ...sequences.map((sequence) => sequence.length));
  pen.font = INDEX_FONT;
  const index = pen.measureText(`${"0".repeat(String(Math.max(highest, tokens - 1)).length)} `).width;
  pen.font = FONT;
  const widest = Math.max(0, ...texts.slice(0, MEASURED).map((text) => pen.measureText(text).width));
  return Math.min(LARGEST, Math.max(SMALLEST, Math.ceil(index + widest + 4)));
}
