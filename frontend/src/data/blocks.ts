/**
 * A figure on its page: JSON, and behind it the heads' data in script elements of their own, which may still be arriving while the
 * figure is drawn. Python's _page.py writes them.
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
  // lists of texts and numbers may be long, and hold no tensors
  if (Array.isArray(value) && typeof value[0] !== "object") return;
  for (const part of Object.values(value))
    if (typeof part === "object" && part !== null) connect(part, blocks);
}

/** An element that is being parsed is there with a part of its text: it is complete when another follows. */
function isComplete(element: Element): boolean {
  return element.nextElementSibling !== null || document.readyState !== "loading";
}

class Blocks {
  private next: Promise<void> | null = null;

  constructor(private readonly wrapper: Element) {}

  block(index: number): Block {
    return { text: () => this.text(index) };
  }

  private async text(index: number): Promise<string> {
    for (;;) {
      const found = this.wrapper.querySelector(`:scope > [data-block="${index}"]`);
      if (found && isComplete(found)) return found.textContent ?? "";
      if (document.readyState !== "loading")
        throw new Error(`block ${index} is missing: the page was cut off`);
      await (this.next ??= this.more());
    }
  }

  /** Resolves when another block has arrived, or the page is complete. */
  private more(): Promise<void> {
    return new Promise((resolve) => {
      const arrived = () => {
        observer.disconnect();
        document.removeEventListener("readystatechange", arrived);
        this.next = null;
        resolve();
      };
      const observer = new MutationObserver(arrived);
      observer.observe(this.wrapper, { childList: true });
      document.addEventListener("readystatechange", arrived);
    });
  }
}
