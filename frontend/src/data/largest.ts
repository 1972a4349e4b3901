/** The largest of several values by magnitude, whatever their sign. */

/** At most `count` items, the largest magnitude first; equal ones keep their order, and items without a value (NaN) are left out. */
export function largestByMagnitude<Item extends { value: number }>(
  items: readonly Item[],
  count = Infinity,
): Item[] {
  return items
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, count);
}
