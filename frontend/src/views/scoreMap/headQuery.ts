/** What is typed to find a head, in the notation of the page: 9.6, L9H6, 9 6 and 9,6 are the same head, 9 is its layer. */

export type Notation = "dot" | "LH";

/** "9.6" or "L9H6". */
export function nameOfHead(layer: number, head: number | "", notation: Notation): string {
  return notation === "LH" ? `L${layer}H${head}` : `${layer}.${head}`;
}

/** A query as it is to be looked for among the names of heads; any other text as it is. */
export function headQuery(query: string, notation: Notation): string {
  const [, layer, head = ""] =
    /^(?:head\s*)?l?(?:ayer)?\s*(\d+)(?:(?:\s*[.,:/h]\s*h?|\s+h?(?:ead\s*)?)(\d*))?$/i.exec(query.trim()) ??
    [];
  if (layer === undefined) return query;
  return nameOfHead(Number(layer), head === "" ? "" : Number(head), notation);
}
