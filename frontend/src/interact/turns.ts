/** Pieces of work one after another, with chances for the browser to draw and answer between them. */

/** Longest work between two such chances, in milliseconds. */
const SLICE_MS = 12;

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
  for (const piece of waiting) {
    if (performance.now() - since > SLICE_MS) break;
    waiting.delete(piece);
    piece();
  }
  timer = waiting.size > 0 ? setTimeout(work) : undefined;
}
