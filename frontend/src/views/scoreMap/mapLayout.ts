/** Where map, list and the figure of a head are: beside each other where there is room, else below. */

export interface MapRoom {
  /** CSS pixels across, and of the map's largest height. */
  width: number;
  tallest: number;
  /** Heads of a layer. */
  cols: number;
  /** Whether a figure shows the chosen head. */
  withFigure: boolean;
}

export interface MapLayout {
  /** "beside": the figure at the right of map and list; "two": the list at the right of the map; "one": all below each other. */
  form: "one" | "two" | "beside";
  /** CSS pixels across of the map, and of the figure. */
  map: number;
  figure: number;
  /** CSS pixels of the map's height, and of the list's rows. */
  tallest: number;
  list: number;
}

/** Least width for two columns, and for a figure beside the map. */
const [TWO, BESIDE] = [560, 880];
/** CSS pixels between columns, and of the figure's padding. */
const [GAP, PADDING] = [24, 21];
/** Of a column of the map, of what is beside the columns, and the least for controls and caption. */
const [CELL, LABELS, LEAST] = [44, 84, 340];
/** Least width of a list, and share of the map beside a figure. */
const [LIST, SHARE] = [200, 0.4];

export function mapLayout({ width, tallest, cols, withFigure }: MapRoom): MapLayout {
  const natural = Math.max(LEAST, cols * CELL + LABELS);
  if (withFigure && width >= BESIDE) {
    const map = Math.floor(Math.min(natural, Math.max(LEAST, SHARE * width)));
    const figure = width - map - GAP - PADDING;
    return { form: "beside", map, figure, tallest: Math.min(tallest, 440), list: 240 };
  }
  if (width >= TWO) {
    const map = Math.floor(Math.min(natural, width - GAP - LIST));
    return { form: "two", map, figure: width, tallest, list: 384 };
  }
  return { form: "one", map: width, figure: width, tallest, list: 192 };
}
