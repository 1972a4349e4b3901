/** A scatter of two scores as plain data: places of points, ticks and axes, made without a browser. */
import { css, ramp } from "../../color/color";
import type { Palette } from "../../color/palette";
import { type AxisTick, ticksOf } from "./ticks";

/** CSS pixels around the points: of the numbers at the left, and of those below with the axis's name. */
export const ROOM = { left: 58, right: 14, top: 26, bottom: 46 };
/** CSS pixels of a point's radius. */
export const RADIUS = 4;
/** Part of an axis that stays free at both ends, so that no point is cut. */
const PADDING = 0.04;
/** CSS pixels for each tick. */
const PER_TICK = { across: 80, up: 50 };

export interface Point {
  head: number;
  x: number;
  y: number;
  color: string;
}

export interface PlacedTick extends AxisTick {
  /** CSS pixels from the left, or from the top. */
  at: number;
}

export interface ScatterScene {
  width: number;
  height: number;
  points: Point[];
  across: PlacedTick[];
  up: PlacedTick[];
  /** Number of heads without a value of one of the scores: they have no point. */
  absent: number;
}

export interface ScatterInput {
  width: number;
  height: number;
  /** Values of each head. */
  x: Float64Array;
  y: Float64Array;
  /** Heads of a layer. */
  nHeads: number;
  palette: Palette;
}

export function scatterScene({ width, height, x, y, nHeads, palette }: ScatterInput): ScatterScene {
  const heads = Array.from(x.keys()).filter((head) => !Number.isNaN(x[head]) && !Number.isNaN(y[head]));
  const columns = domain(heads.map((head) => x[head] as number));
  const rows = domain(heads.map((head) => y[head] as number));
  const [wide, tall] = [width - ROOM.left - ROOM.right, height - ROOM.top - ROOM.bottom];
  const atX = (value: number) => ROOM.left + ((value - columns[0]) / (columns[1] - columns[0])) * wide;
  const atY = (value: number) => ROOM.top + tall - ((value - rows[0]) / (rows[1] - rows[0])) * tall;
  const layers = Math.ceil(x.length / nHeads);
  return {
    width,
    height,
    points: heads.map((head) => ({
      head,
      x: atX(x[head] as number),
      y: atY(y[head] as number),
      color: layerColor(palette, Math.floor(head / nHeads), layers),
    })),
    across: ticksOf(...columns, wide / PER_TICK.across).map((tick) => ({ ...tick, at: atX(tick.value) })),
    up: ticksOf(...rows, tall / PER_TICK.up).map((tick) => ({ ...tick, at: atY(tick.value) })),
    absent: x.length - heads.length,
  };
}

/** The color of a layer's points: pale for the first layer, full for the last one. */
export function layerColor(palette: Palette, layer: number, layers: number): string {
  const PALEST = 0.3;
  return css(ramp(palette.positive, layers > 1 ? PALEST + (1 - PALEST) * (layer / (layers - 1)) : 1));
}

/** The values' range with free ends; of a single value one around it. */
function domain(values: number[]): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(high >= low)) return [0, 1];
  const free = (high - low) * PADDING || Math.abs(low) * PADDING || 1;
  return [low - free, high + free];
}

/** The point nearest to a place, if it is at most `reach` CSS pixels away. */
export function nearest(
  points: readonly Point[],
  place: { x: number; y: number },
  reach: number,
): Point | null {
  let found: Point | null = null;
  let least = reach ** 2;
  for (const point of points) {
    const distance = (point.x - place.x) ** 2 + (point.y - place.y) ** 2;
    if (distance <= least) [found, least] = [point, distance];
  }
  return found;
}

/** The point that an arrow key leads to: the nearest one in that direction, where sideways counts twice. Null for other keys. */
export function alongArrow(points: readonly Point[], from: Point, key: string): Point | null {
  const directions: Record<string, [number, number]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  const direction = directions[key];
  if (!direction) return null;
  const [dx, dy] = direction;
  let [found, least] = [from, Infinity];
  for (const point of points) {
    const along = (point.x - from.x) * dx + (point.y - from.y) * dy;
    const sideways = Math.abs((point.x - from.x) * dy) + Math.abs((point.y - from.y) * dx);
    if (along <= 0 || (along === 0 && sideways === 0)) continue;
    const distance = along + 2 * sideways;
    if (distance < least) [found, least] = [point, distance];
  }
  return found;
}
