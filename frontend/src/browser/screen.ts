/**
 * Heights that fit on the screen. The height of the window would not do: a notebook makes the window of a figure as high as the figure.
 */

/** CSS pixels of a screen that a browser and a notebook take, with a figure's title. */
const BARS = 140;
/** CSS pixels that a picture's caption, labels and axis title take. */
const AROUND_PICTURE = 100;

/** Height of what should be in sight at once. */
export function heightInSight(): number {
  return Math.min(Math.max(screen.height - BARS, 440), 660);
}

/** Height of a labelled picture that is in sight with its labels. */
export function pictureInSight(): number {
  return heightInSight() - AROUND_PICTURE;
}
