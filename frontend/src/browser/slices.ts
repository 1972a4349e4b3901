/** Long work in slices, between which the browser can draw and handle input. */

/** A slice ends after so many milliseconds: with the piece of work that ends it, it takes hardly longer than a frame. */
const SLICE_MS = 12;

/**
 * For a loop of work: returns a function to await after each piece. It gives way to the browser if the slice has lasted long
 * enough, and starts the next one; else it returns at once.
 */
export function startSlices(): () => Promise<void> {
  let start = performance.now();
  return async function yieldIfBusy() {
    if (performance.now() - start <= SLICE_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    start = performance.now();
  };
}

const queue = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Calls `run` later, in order with all other work of the page's figures. Returns a function that cancels the call. */
export function enqueue(run: () => void): () => void {
  const piece = () => run(); // a new function, since the same work may be queued twice
  queue.add(piece);
  timer ??= setTimeout(workOneSlice);
  return () => queue.delete(piece);
}

function workOneSlice(): void {
  const start = performance.now();
  try {
    for (const piece of queue) {
      if (performance.now() - start > SLICE_MS) break;
      queue.delete(piece);
      piece();
    }
  } finally {
    // Also after an error: the rest of the queue may belong to other figures.
    timer = queue.size > 0 ? setTimeout(workOneSlice) : undefined;
  }
}
