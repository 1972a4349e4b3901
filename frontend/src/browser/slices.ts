/** Pieces of work one after another, with chances for the browser to draw and answer between them. */

/** Work after which there is such a chance, in milliseconds: with the piece that ends it, it takes hardly longer than a frame. */
const SLICE_MS = 12;

/** For a loop of work: what it gives is to be awaited after each piece, and takes time only where there must be a chance. */
export function chances(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since <= SLICE_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  };
}

const waiting = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Calls `run` when it is its turn; returns what calls it off. */
export function inTurn(run: () => void): () => void {
  const piece = () => run(); // the same work may wait twice
  waiting.add(piece);
  timer ??= setTimeout(work);
  return () => waiting.delete(piece);
}

function work(): void {
  const since = performance.now();
  try {
    for (const piece of waiting) {
      if (performance.now() - since > SLICE_MS) break;
      waiting.delete(piece);
      piece();
    }
  } finally {
    // also where one has failed: the others may be another figure's
    timer = waiting.size > 0 ? setTimeout(work) : undefined;
  }
}
