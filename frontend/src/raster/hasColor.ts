/** Which of a legend's colors a picture has. */
import type { Rgb } from "../color/color";
import { pack } from "../color/color";
import type { Raster } from "./paint";

/** Whether any pixel has that color; false without a picture. */
export function hasColor(raster: Raster | null, color: Rgb): boolean {
  return raster?.pixels.includes(pack(color)) ?? false;
}
