/** Work that may wait until the browser has drawn. */

/** Longest wait: no frame comes on a page in the background. */
const PATIENCE_MS = 200;

/** Calls `run` after the next frame was drawn; returns what calls it off. */
export function afterFrame(run: () => void): () => void {
  let timer = setTimeout(run, PATIENCE_MS);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = setTimeout(run);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
