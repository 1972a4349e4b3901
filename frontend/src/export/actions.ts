/** What the export menu does: files and copies of what is shown now. */
import { FONT_FAMILY } from "../text/font";
import { csvOf } from "./csv";
import type { Drawing, Exports, Ink } from "./exports";
import { copyPicture, copyText, fileName, isSandboxed, saveFile } from "./files";
import { canvasOf, pngOf } from "./picture";
import { pythonCall } from "./python";
import { svgOf } from "./svgPen";

/** What became of an action. */
export interface Outcome {
  message: string;
  /** For readers whose browser allows neither files nor copies: a picture's URL, or a text, to take by hand. */
  picture?: string;
  text?: string;
  /** Whether the text is selected, to be copied with the keyboard. */
  select?: boolean;
}

export type Action = (exports: Exports, ink: Ink) => Promise<Outcome>;

const BLOCKED = "If nothing was saved, this frame may not save files:";

export function savePng(scale: number): Action {
  return async (exports, ink) => {
    const canvas = canvasOf(drawing(exports, ink), scale, ink.surface);
    return saved(exports, "png", await pngOf(canvas), () => ({ picture: canvas.toDataURL() }));
  };
}

export const saveSvg: Action = async (exports, ink) => {
  const pen = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
  const text = svgOf(drawing(exports, ink), pen, ink.surface, FONT_FAMILY);
  return saved(exports, "svg", new Blob([text], { type: "image/svg+xml" }), () => ({ text }));
};

export const saveCsv: Action = async (exports) => {
  const text = await csv(exports);
  return saved(exports, "csv", new Blob([text], { type: "text/csv" }), () => ({ text }));
};

export const copyPng: Action = async (exports, ink) => {
  const canvas = canvasOf(drawing(exports, ink), 2, ink.surface);
  const picture = canvas.toDataURL();
  const done = await copyPicture(await pngOf(canvas), picture);
  if (done && !isSandboxed()) return { message: "Picture copied" };
  return {
    message: `${done ? "Picture copied. If not" : "Not copied"}: right-click it, then “Copy image”`,
    picture,
  };
};

export const copyCsv: Action = async (exports) => {
  const text = await csv(exports);
  return (await copyText(text)) ? { message: "Values copied as CSV" } : byHand(text);
};

export const copyPython: Action = async (exports) => {
  if (!exports.call) throw new Error("the call that made this figure is not known");
  const text = pythonCall(exports.call, exports.shown());
  return (await copyText(text)) ? { message: "Copied:", text } : byHand(text);
};

export const copyEdge: Action = async (exports) => {
  const text = exports.edge?.();
  if (!text) throw new Error("pin a cell of one head first, by a click or Enter");
  return (await copyText(text)) ? { message: "Copied:", text } : byHand(text);
};

function byHand(text: string): Outcome {
  return { message: "This frame may not copy: press Ctrl+C (⌘C) in the text", text, select: true };
}

function saved(exports: Exports, ending: string, content: Blob, otherwise: () => Partial<Outcome>): Outcome {
  const name = `${fileName(exports.name())}.${ending}`;
  saveFile(content, name);
  return isSandboxed() ? { message: `${name}. ${BLOCKED}`, ...otherwise() } : { message: `Saved as ${name}` };
}

function drawing(exports: Exports, ink: Ink): Drawing {
  const found = exports.picture?.(ink);
  if (!found) throw new Error("nothing is drawn yet");
  return found;
}

async function csv(exports: Exports): Promise<string> {
  await exports.load?.();
  const table = exports.table();
  if (!table) throw new Error("nothing is decoded yet");
  return csvOf(table);
}
