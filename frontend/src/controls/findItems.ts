/** Items of a long list, found by what is typed: which items match, in which order, and which of them a scrolled list shows. */

/** Items of a list. Without labels they are known by their numbers, from zero. */
export interface Items {
  count: number;
  /** One text for each item, as shown. */
  labels: readonly string[] | null;
}

/** The text of item `index` as shown. */
export function itemText({ labels }: Items, index: number): string {
  return labels?.[index] ?? String(index);
}

/**
 * Indices of the items that match `query`, the best first: the item whose text it is, the item with that number, those whose text begins
 * with it, those whose text contains it. All items for an empty query. Upper and lower case are the same.
 */
export function findItems(items: Items, query: string): number[] {
  const wanted = query.trim().toLowerCase();
  const byNumber = numberOf(wanted, items.count);
  const exact: number[] = [];
  const numbered: number[] = [];
  const beginning: number[] = [];
  const inside: number[] = [];
  for (let index = 0; index < items.count; index++) {
    const text = itemText(items, index).toLowerCase();
    if (text === wanted) exact.push(index);
    else if (index === byNumber) numbered.push(index);
    else if (text.startsWith(wanted)) beginning.push(index);
    else if (text.includes(wanted)) inside.push(index);
  }
  return [...exact, ...numbered, ...beginning, ...inside];
}

/** The one item that `query` names completely, by its text or its number; null if there is none, or if several have that text. */
export function namedItem(items: Items, query: string): number | null {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return null;
  const same: number[] = [];
  for (let index = 0; index < items.count && same.length < 2; index++) {
    if (itemText(items, index).toLowerCase() === wanted) same.push(index);
  }
  const [first] = same;
  if (first !== undefined) return same.length === 1 ? first : null;
  return numberOf(wanted, items.count);
}

/** The index that `text` writes in digits; null if it is not one of 0 .. count - 1. */
function numberOf(text: string, count: number): number | null {
  return /^\d{1,9}$/.test(text) && Number(text) < count ? Number(text) : null;
}

/** Rows of a scrolled list that are built: those in view, and a few beyond both edges. */
export function rowsInView(
  scrollTop: number,
  rowHeight: number,
  viewHeight: number,
  count: number,
): { first: number; end: number } {
  const BEYOND = 4;
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - BEYOND);
  const end = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + BEYOND);
  return { first: Math.min(first, Math.max(0, end - 1)), end };
}

/** Where a list must be scrolled to for row `row` to be in view: as it is, if the row is in view already. */
export function scrollTo(row: number, scrollTop: number, rowHeight: number, viewHeight: number): number {
  const [top, bottom] = [row * rowHeight, (row + 1) * rowHeight];
  if (top < scrollTop) return top;
  return bottom > scrollTop + viewHeight ? bottom - viewHeight : scrollTop;
}
