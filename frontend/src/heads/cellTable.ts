/** The cells of heads as rows of a table, in the columns of Python's `_export/attention_table.py`. */
import type { Slot } from "../data/slots";
import { spanLabel } from "../data/slots";
import type { Field, Table } from "../export/exports";
import type { AttentionSequence } from "../props";

/** Where a row or column stands among the tokens. */
export interface Place {
  number: number;
  token: string;
}

export interface Cells {
  /** Place of the sequence among all of the figure. */
  sequence: number;
  dests: Place[];
  srcs: Place[];
  /** Names of the columns between the sequence and the destination, and of those behind the source. */
  before: string[];
  values: string[];
  /** What stands in these columns for a cell, each time it is shown; none for a masked cell. */
  rows: (dest: number, src: number) => Iterable<{ before: Field[]; values: Field[] }>;
}

export function cellTable({ sequence, dests, srcs, before, values, rows }: Cells): Table {
  return {
    columns: ["sequence", ...before, "dest", "dest_token", "src", "src_token", ...values],
    rows: (function* () {
      for (const [dest, query] of dests.entries())
        for (const [src, key] of srcs.entries())
          for (const row of rows(dest, src))
            yield [sequence, ...row.before, query.number, query.token, key.number, key.token, ...row.values];
    })(),
  };
}

type Tokens = Pick<AttentionSequence, "destTokens" | "srcTokens" | "destPositions">;

/** The places of all destinations and sources of a sequence. */
export function placesOf({ destTokens, srcTokens, destPositions }: Tokens): Pick<Cells, "dests" | "srcs"> {
  return {
    dests: destTokens.map((token, i) => ({ number: destPositions?.[i] ?? i, token })),
    srcs: (srcTokens ?? destTokens).map((token, number) => ({ number, token })),
  };
}

/** The places of slots: a collapsed span stands where its first token does, by its name. */
export function slotPlaces(slots: readonly Slot[], places: readonly Place[]): Place[] {
  return slots.map((slot) => {
    const first = places[slot.start] ?? { number: slot.start, token: "" };
    return slot.name === null ? first : { ...first, token: spanLabel(slot) };
  });
}
