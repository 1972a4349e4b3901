/** What is said of hidden sources: which they are, how much they hold, and whether the rest is renormalized. */
import { SINK_SHARE } from "./sinks";
import type { Hide } from "../props";

export interface HiddenNote {
  hide: Hide;
  /** The hidden sources with their positions; for several heads the sinks of so many of all. */
  sources: string[] | { heads: number; of: number };
  /** The share of the values that they hold, NaN or undefined while it is not known. */
  share: number | undefined;
  /** What it is a share of. */
  whole: string;
  /** Number of queries whose mean it is. */
  queries: number;
  renormalized: boolean;
  /** Whether the values are attention times a weight per source. */
  weighted: boolean;
}

/** Sources that a sentence names. */
const NAMED = 3;
const PERCENT = `${100 * SINK_SHARE} %`;

export function hiddenNote(note: HiddenNote): string {
  const { hide, sources, share, whole, queries } = note;
  const rule = ` A sink has more than ${PERCENT} of a head's attention, in the mean over later queries.`;
  const aside = hide === "sinks" ? rule : "";
  const none = Array.isArray(sources) ? sources.length === 0 : sources.heads === 0;
  if (none) return `Nothing is hidden: no source is a sink here.${aside}`;
  const part = share === undefined || Number.isNaN(share) ? "…" : `${(100 * share).toFixed(1)} %`;
  const mean = queries > 1 ? `, as the mean over ${queries} queries` : "";
  const verb = Array.isArray(sources) && sources.length === 1 ? "holds" : "hold";
  return `Hidden: ${named(sources)}, which ${verb} ${part} of ${whole}${mean}. ${rest(note)}${aside}`;
}

function named(sources: HiddenNote["sources"]): string {
  if (!Array.isArray(sources)) return `the sinks of ${sources.heads} of ${sources.of} heads`;
  const more = sources.length - NAMED;
  return more > 0 ? `${sources.slice(0, NAMED).join(", ")} and ${more} more` : sources.join(", ");
}

function rest({ renormalized, weighted }: HiddenNote): string {
  if (!renormalized) return "Values are unchanged, and not renormalized.";
  const after = weighted ? ", before it is weighted" : "";
  return `Values are renormalized: the rest of each query's attention sums to 1${after}.`;
}

/** The name of values that may be renormalized. */
export function renormalizedName(name: string, renormalized: boolean): string {
  return renormalized ? `${name}, renormalized` : name;
}
