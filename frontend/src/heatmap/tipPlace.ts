/** Where the tooltip of a picture lies. */

/** Largest width of a tooltip in CSS pixels, as `controls/Tip.svelte` has it. */
const WIDEST_TIP = 300;

/**
 * How far along a tooltip its point is, in [0, 1]. A picture that is narrower than tooltips lets them lie over its labels.
 * @param x of the point in the picture
 * @param width of the picture
 * @param beside CSS pixels to the left of the picture over which a tooltip may lie
 */
export function tipShare(x: number, width: number, beside: number): number {
  return width < WIDEST_TIP ? (x + beside) / Math.max(width + beside, WIDEST_TIP) : x / width;
}

/** CSS pixels from the picture's top to the middle of the part of it that is in sight, in its scrolling parent and in the window. */
export function visibleMiddle(picture: HTMLElement, container: HTMLElement): number {
  const box = picture.getBoundingClientRect();
  const around = container.offsetParent?.getBoundingClientRect() ?? box;
  const top = Math.max(box.top, around.top, 0);
  const bottom = Math.min(box.bottom, around.bottom, innerHeight);
  return (top + bottom) / 2 - box.top;
}
