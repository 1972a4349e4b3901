/** How a page writes that something is pinned, and how to release it. */

/** A status line, which begins with "Pinned" if what it describes is. */
export function pinnedStatus(pinned: boolean, description: string): string {
  return pinned ? `Pinned; Esc or click to release. ${description}` : description;
}

/** A caption: a name, and how to pin or release what is named. */
export function pinnedCaption(pinned: boolean, name: string, howToPin: string): string {
  return `${name} · ${pinned ? "pinned; Esc or click to release" : howToPin}`;
}
