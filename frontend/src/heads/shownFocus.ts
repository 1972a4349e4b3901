/** What a figure of heads shows, as the argument `focus` of its call: the inverse of `state/startFocus.ts`. */
import type { PythonValue } from "../export/exports";
import type { Head } from "../props";

/** By numbers and names of the page; null for what is not chosen. */
export interface ShownFocus {
  sequence: number;
  head: number | null;
  dest: number | null;
  src: number | null;
}

/**
 * The argument, null where nothing is chosen.
 * @param names of the heads, and behind them of an attribution's other components
 */
export function focusArgument(names: readonly string[], shown: ShownFocus): PythonValue {
  const { sequence, head, dest, src } = shown;
  const name = head === null ? undefined : names[head];
  return argument({
    ...(sequence > 0 ? { sequence } : {}),
    // a name of several heads means the first of them
    ...(name === undefined || head === null ? {} : { head: names.indexOf(name) === head ? name : head }),
    ...(dest === null ? {} : { dest }),
    ...(src === null ? {} : { src }),
  });
}

function argument(focus: { [key: string]: PythonValue }): PythonValue {
  return Object.keys(focus).length > 0 ? focus : null;
}

export function headNames(heads: readonly Head[]): string[] {
  return heads.map(({ name }) => name);
}
