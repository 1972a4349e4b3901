/** Properties of zooming and panning, for random pictures, frames and steps. */
import { describe, expect, test } from "vitest";
import type { Zoom, ZoomArea } from "./zoom";
import {
  cellAt,
  exceeds,
  FIT,
  isInFrame,
  middleOf,
  onPaper,
  panned,
  revealed,
  seenOf,
  zoomAbout,
} from "./zoom";
import { largestZoom, stretched } from "./size";

/** Numbers between 0 and 1 that are the same in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Example {
  area: ZoomArea;
  from: Zoom;
  random: () => number;
}

/** Pictures of 1 to 2,000 rows and columns, each after a few random steps. */
function* examples(): Generator<Example> {
  const random = randomNumbers(7);
  for (let i = 0; i < 300; i++) {
    const count = () => Math.ceil(2000 ** random());
    const [rows, cols] = random() < 0.5 ? [count(), count()] : Array<number>(2).fill(count());
    const room = { width: 120 + 900 * random(), height: 120 + 500 * random() };
    const side = Math.min(room.width / cols!, room.height / rows!, 44);
    const fit = stretched(rows!, cols!, side);
    const area = { rows: rows!, cols: cols!, fit, room, largest: largestZoom(fit) };
    let from = FIT;
    for (let step = 0; step < 3; step++) {
      const at = { x: room.width * random(), y: room.height * random() };
      from = zoomAbout(area, from, 1 + random() * area.largest, at);
      from = panned(area, from, 400 * (random() - 0.5), 400 * (random() - 0.5));
    }
    yield { area, from, random };
  }
}

/** What lies at a point of the frame, in cells with fractions. */
function placeAt(area: ZoomArea, zoom: Zoom, x: number, y: number): [row: number, col: number] {
  const { left, top, cell } = seenOf(area, zoom);
  return [(top + y) / cell.height, (left + x) / cell.width];
}

describe("zooming", () => {
  test("keeps what is at the point, unless the picture's edge would enter the frame", () => {
    let free = 0;
    for (const { area, from, random } of examples()) {
      const { frame } = seenOf(area, from);
      const at = { x: frame.width * random(), y: frame.height * random() };
      const to = zoomAbout(area, from, 1 + random() * area.largest, at);
      const seen = seenOf(area, to);
      const [before, after] = [placeAt(area, from, at.x, at.y), placeAt(area, to, at.x, at.y)];
      const sides = [
        [seen.top, seen.whole.height - seen.frame.height],
        [seen.left, seen.whole.width - seen.frame.width],
      ] as const;
      for (const [i, [start, most]] of sides.entries()) {
        if (start <= 1e-6 || start >= most - 1e-6) continue;
        free++;
        expect(after[i]).toBeCloseTo(before[i]!, 6);
      }
    }
    expect(free).toBeGreaterThan(100);
  });

  test("in and out again about the same point shows the same part", () => {
    for (const { area, from, random } of examples()) {
      const { frame, zoom } = seenOf(area, from);
      const at = { x: frame.width * random(), y: frame.height * random() };
      const back = zoomAbout(area, zoomAbout(area, from, zoom * 1.5, at), zoom, at);
      expect([back.zoom, back.row, back.col].map((n) => n.toFixed(5))).toEqual(
        [zoom, from.row, from.col].map((n) => n.toFixed(5)),
      );
    }
  });

  test("ends at the first size and at the largest one", () => {
    for (const { area, from } of examples()) {
      const at = { x: 10, y: 10 };
      expect(seenOf(area, zoomAbout(area, from, 0, at)).cell).toEqual(area.fit);
      expect(seenOf(area, zoomAbout(area, from, Infinity, at)).zoom).toBe(area.largest);
    }
  });
});

describe("the frame", () => {
  test("is full of cells: the picture is never moved out of it", () => {
    for (const { area, from } of examples()) {
      const { left, top, frame, whole } = seenOf(area, from);
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(left + frame.width).toBeLessThanOrEqual(whole.width + 1e-6);
      expect(top + frame.height).toBeLessThanOrEqual(whole.height + 1e-6);
      expect(frame.width).toBeLessThanOrEqual(area.room.width + 0.5);
    }
  });

  test("stays full when the picture gets fewer cells, or the frame another size", () => {
    for (const { area, from, random } of examples()) {
      const smaller = {
        ...area,
        cols: Math.ceil(area.cols * random()),
        room: { width: 120, height: 90 },
      };
      const { left, frame, whole } = seenOf(smaller, from);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + frame.width).toBeLessThanOrEqual(whole.width + 1e-6);
    }
  });

  test("shows all of a square picture at first, so that nothing can be moved", () => {
    const fit = { width: 0.96, height: 0.96 };
    const area = { rows: 500, cols: 500, fit, room: { width: 479.9, height: 480 }, largest: 25 };
    expect(exceeds(seenOf(area, FIT))).toEqual({ across: false, down: false });
    expect(panned(area, FIT, 50, -50)).toEqual(FIT);
  });
});

describe("cells", () => {
  test("are found where their middle is", () => {
    for (const { area, from, random } of examples()) {
      const cell = { row: Math.floor(area.rows * random()), col: Math.floor(area.cols * random()) };
      const shown = revealed(area, from, cell);
      const seen = seenOf(area, shown);
      const middle = middleOf(seen, cell);
      expect(isInFrame(seen, middle)).toBe(true);
      expect(cellAt(area, seen, middle)).toEqual(cell);
    }
  });

  test("outside of the frame are the nearest ones in the picture", () => {
    for (const { area, from } of examples()) {
      const seen = seenOf(area, from);
      expect(cellAt(area, seen, { x: -1e6, y: 1e6 })).toEqual({ row: area.rows - 1, col: 0 });
    }
  });

  test("that are seen already are revealed without moving anything", () => {
    for (const { area, from } of examples()) {
      const seen = seenOf(area, from);
      const { width, height } = seen.frame;
      if (width < 2 * seen.cell.width || height < 2 * seen.cell.height) continue;
      const cell = cellAt(area, seen, { x: seen.cell.width * 1.01, y: seen.cell.height * 1.01 });
      const { left, top } = seenOf(area, revealed(area, from, cell));
      const whole = middleOf(seen, cell).x + seen.cell.width / 2 <= width;
      if (whole) expect(left).toBeCloseTo(seen.left, 6);
      if (middleOf(seen, cell).y + seen.cell.height / 2 <= height) expect(top).toBeCloseTo(seen.top, 6);
    }
  });
});

test("panning follows the pointer, and back leads back", () => {
  for (const { area, from } of examples()) {
    const [before, after] = [seenOf(area, from), seenOf(area, panned(area, from, -3, -2))];
    const { frame, whole } = before;
    if (whole.width - frame.width - before.left > 3) expect(after.left - before.left).toBeCloseTo(3, 6);
    if (whole.height - frame.height - before.top > 2) expect(after.top - before.top).toBeCloseTo(2, 6);
  }
});

test("on paper all cells are in the room", () => {
  for (const { area } of examples()) {
    const { whole, frame } = seenOf(onPaper(area), FIT);
    expect(whole.width).toBeLessThanOrEqual(area.room.width + 0.5);
    expect(whole.height).toBeLessThanOrEqual(area.room.height + 0.5);
    expect(frame.width).toBeCloseTo(whole.width, 6);
  }
});
