/** Printing. The page is laid out for paper before it is drawn, but no frame passes in between and no observer is called. */
import { flushSync } from "svelte";

class Paper {
  /** Whether the page is being printed. */
  printing = $state(false);
  private readonly listeners = new Set<() => void>();

  constructor() {
    const media = matchMedia("print");
    const follow = () => this.change(media.matches);
    // By now the page has the width of the paper.
    media.addEventListener("change", follow);
    // Firefox prints a copy of the page, in which no script runs.
    addEventListener("beforeprint", () => this.change(true));
    addEventListener("afterprint", follow);
  }

  /** Calls `listener` whenever the size of an element may be that on paper, or that on the screen again. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private change(printing: boolean): void {
    flushSync(() => (this.printing = printing));
    // Twice: what is around others and fits itself to the paper changes their sizes.
    for (const listener of [...this.listeners, ...this.listeners]) flushSync(listener);
  }
}

export const paper = new Paper();
