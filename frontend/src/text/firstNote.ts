/** What is said of a first token that has no colors. */

/**
 * @param name the token with its position
 * @param share the share of the values that it holds; undefined while it is not known
 * @param whole what it is a share of
 * @param queries number of queries whose mean it is
 */
export function firstNote(name: string, share: number | undefined, whole: string, queries: number): string {
  const part = share === undefined || Number.isNaN(share) ? "…" : `${(100 * share).toFixed(1)} %`;
  const mean = queries > 1 ? `, as the mean over ${queries} queries` : "";
  return `Hidden: ${name}, which holds ${part} of ${whole}${mean}. Values are unchanged, and not renormalised.`;
}
