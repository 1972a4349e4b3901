/** The sources of a sequence one by one: lines collapse no spans. */
import { type Slot, slotsOf } from "../../data/slots";
import type { Source } from "../../data/source";

const SINGLES = new WeakMap<Source, Slot[]>();

/** The same array each time, since what is hidden is remembered by it. */
export function singles(source: Source): Slot[] {
  const known = SINGLES.get(source) ?? slotsOf({ ...source.props, spans: [] }, []).cols;
  SINGLES.set(source, known);
  return known;
}
