/** Several drawings one below the other. */
import type { Drawing } from "./exports";

/** Null if one of them is. */
export function stacked(drawings: (Drawing | null)[]): Drawing | null {
  const all = drawings.flatMap((drawing) => drawing ?? []);
  if (all.length < drawings.length) return null;
  return {
    width: Math.max(...all.map(({ width }) => width)),
    height: all.reduce((sum, { height }) => sum + height, 0),
    paint: (pen) => {
      pen.save();
      for (const { height, paint } of all) {
        paint(pen);
        pen.translate(0, height);
      }
      pen.restore();
    },
  };
}
