/** What a figure of heads shows first, as the user chose it: it is pinned as if by a click. */
import type { Focus } from "../props";
import type { Selection } from "./selection.svelte";

/** Where the rows and columns of the pictures are, which need not be tokens. */
interface Places {
  dest(token: number): number;
  src(token: number): number;
}

/** Both, a destination and a source, are a cell; one of them is a token. */
export function pinFocus(selection: Selection, focus: Focus | null, places: Places): void {
  if (!focus) return;
  const { head, dest, src } = focus;
  if (head !== null) selection.head.pinned = head;
  if (dest !== null && src !== null)
    selection.cell.pinned = { dest: places.dest(dest), src: places.src(src) };
  else if (dest !== null) selection.token.pinned = places.dest(dest);
  else if (src !== null) {
    selection.direction = "src";
    selection.token.pinned = places.src(src);
  }
}
