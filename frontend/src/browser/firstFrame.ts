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

/** When the browser has drawn and has nothing else to do, or has had something to do for so long. */
export async function whenIdle(): Promise<void> {
  await new Promise<void>((resolve) => afterFrame(resolve));
  // Safari has no such thing
  if ("requestIdleCallback" in globalThis)
    await new Promise((resolve) => requestIdleCallback(resolve, { timeout: PATIENCE_MS }));
}
