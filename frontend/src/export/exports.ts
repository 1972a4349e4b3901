/** What a view gives away of what it shows: a picture, values, and the call in Python that shows the same. */
import type { Call } from "../props";

/** The methods of a 2D context that pictures are painted with: those of a canvas, and of a recorder. */
export type Pen = CanvasRenderingContext2D;

/** Colors of a figure's theme, as CSS. */
export interface Ink {
  text: string;
  quiet: string;
  /** Frames around pictures. */
  line: string;
  /** The background. */
  surface: string;
  accent: string;
  hover: string;
  ring: string;
}

/** A picture of so many CSS pixels. */
export interface Drawing {
  width: number;
  height: number;
  /** Paints all of it, the background excepted. */
  paint: (pen: Pen) => void;
}

export type Field = string | number | null;

/** Rows by named columns. NaN and null are fields without a value. */
export interface Table {
  columns: readonly string[];
  rows: Iterable<readonly Field[]>;
}

/** The state of a view, as arguments of the call that made the figure. */
export interface Shown {
  /** Values of arguments by their names: the call has them instead of its own. Null for the function's default. */
  settings: Record<string, PythonValue>;
  /** What else the reader has chosen, which no argument sets, in a few words each. */
  choices: string[];
}

export type PythonValue =
  string | number | boolean | null | readonly PythonValue[] | { [key: string]: PythonValue };

export interface Exports {
  /** What is shown, in a few words: the name of files. */
  name: () => string;
  /** Null while nothing is drawn. Without it, there are no pictures. */
  picture?: (ink: Ink) => Drawing | null;
  /** Called before `table`, and waited for: a view may hold more than it has decoded. */
  load?: () => Promise<unknown>;
  /** Null while nothing is decoded. */
  table: () => Table | null;
  /** The call that made the figure; null where it is not known. */
  call: Call | null;
  shown: () => Shown;
  /** The call that says why the head attends to the pinned cell; null while none is pinned. Absent where there is no such call. */
  edge?: (() => string | null) | undefined;
}
