/**
 * Reads a figure from its page: the JSON, and the blocks behind it, each a script element with the text of one chunk. Blocks may still
 * be arriving while the figure is drawn. Python's `_page/html_page.py` writes both.
 */
import type { Block, Chunk, Figure } from "../props";

/** The figure in `wrapper`; null while its JSON is not complete. */
export function readFigure(wrapper: Element): Figure | null {
  const data = wrapper.querySelector('script[type="application/json"]');
  if (!data || !isComplete(data)) return null;
  const figure = JSON.parse(data.textContent ?? "") as Figure;
  const blocks = new Blocks(wrapper);
  connect(figure.props, blocks);
  return figure;
}

/** Replaces the chunk numbers of all tensors in `value` by their blocks. */
function connect(value: object, blocks: Blocks): void {
  const { chunks } = value as { chunks?: (Chunk | number)[] };
  if (Array.isArray(chunks)) {
    chunks.forEach((chunk, i) => {
      if (typeof chunk === "number") chunks[i] = blocks.block(chunk);
    });
    return;
  }
  // A list of texts or numbers has no tensors, and may be long.
  if (Array.isArray(value) && typeof value[0] !== "object") return;
  for (const part of Object.values(value))
    if (typeof part === "object" && part !== null) connect(part, blocks);
}

/** The browser inserts an element before it has all of its text. It is complete once another element follows it. */
function isComplete(element: Element): boolean {
  return element.nextElementSibling !== null || document.readyState !== "loading";
}

class Blocks {
  /** Resolves when the next block has arrived. Null while nothing waits. */
  private arrival: Promise<void> | null = null;

  constructor(private readonly wrapper: Element) {}

  block(index: number): Block {
    return { text: () => this.text(index) };
  }

  private async text(index: number): Promise<string> {
    for (;;) {
      const element = this.wrapper.querySelector(`:scope > [data-block="${index}"]`);
      if (element && isComplete(element)) return element.textContent ?? "";
      if (document.readyState !== "loading")
        throw new Error(`block ${index} is missing: the page was cut off`);
      await (this.arrival ??= this.nextArrival());
    }
  }

  /** Resolves when another block has arrived, or the page is complete. */
  private nextArrival(): Promise<void> {
    return new Promise((resolve) => {
      const stop = () => {
        observer.disconnect();
        document.removeEventListener("readystatechange", stop);
        this.arrival = null;
        resolve();
      };
      const observer = new MutationObserver(stop);
      observer.observe(this.wrapper, { childList: true });
      document.addEventListener("readystatechange", stop);
    });
  }
}
