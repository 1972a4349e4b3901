/** The scatter as a drawing of its own, with the pinned and the kept heads named. */
import type { Drawing, Ink, Pen } from "../../export/exports";
import { FONT_FAMILY } from "../../text/font";
import { scoreName } from "./descriptions";
import { paintScatter, type ScatterTexts } from "./paintScatter";
import { RADIUS, scatterScene, type ScatterScene } from "./scatterScene";
import type { ScoreMapState } from "./scoreMapState.svelte";

/** CSS pixels of an export. */
const [WIDTH, HEIGHT] = [720, 560];

/** The scatter of the chosen scores in a place of that size. */
export function sceneOf(view: ScoreMapState, width: number, height: number): ScatterScene {
  const { palette, props } = view;
  const [x, y] = [view.values(view.score), view.values(view.other)];
  return scatterScene({ width, height, x, y, nHeads: props.nHeads, palette });
}

export function axisNames(view: ScoreMapState): ScatterTexts {
  return { across: scoreName(view), up: scoreName(view, view.other) };
}

/** Null while nothing is decoded. */
export function scatterDrawing(view: ScoreMapState, ink: Ink): Drawing | null {
  if (!view.ready) return null;
  const scene = sceneOf(view, WIDTH, HEIGHT);
  const { pinned } = view.pin;
  return {
    width: WIDTH,
    height: HEIGHT,
    paint: (pen) => {
      paintScatter(pen, scene, axisNames(view), ink);
      for (const { head, x, y } of scene.points)
        if (head === pinned || view.kept.has(head)) mark(pen, view.names[head] ?? "", x, y, ink);
    },
  };
}

function mark(pen: Pen, name: string, x: number, y: number, ink: Ink): void {
  pen.beginPath();
  pen.arc(x, y, RADIUS + 3, 0, 2 * Math.PI);
  pen.strokeStyle = ink.text;
  pen.lineWidth = 2;
  pen.stroke();
  pen.font = `bold 11px ${FONT_FAMILY}`;
  pen.fillStyle = ink.text;
  pen.textAlign = "left";
  pen.fillText(name, x + RADIUS + 6, y);
}
