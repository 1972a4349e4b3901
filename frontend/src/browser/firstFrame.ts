/** Work that can wait until the browser has drawn. */

/** Longest wait: a page in the background draws no frame. */
const PATIENCE_MS = 200;

/** Calls `run` after the next frame is drawn. Returns a function that cancels the call. */
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

/** Resolves when the browser has drawn a frame and is idle, or after `PATIENCE_MS` in which it was busy. */
export async function whenIdle(): Promise<void> {
  await new Promise<void>((resolve) => afterFrame(resolve));
  // Safari does not have requestIdleCallback.
  if ("requestIdleCallback" in globalThis)
    await new Promise((resolve) => requestIdleCallback(resolve, { timeout: PATIENCE_MS }));
}
