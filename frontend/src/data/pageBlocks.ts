/**
 * Chunks in comments of the page. They may still be arriving while the figure is drawn: a browser inserts a comment when it has all of it,
 * or when the page ends.
 */
import type { Block } from "../props";
import type { BlockSource } from "./blockSource";
import { fromBase64 } from "./decode";
import { inflate } from "./inflate";

export const CUT_OFF = "the page was cut off";
export const DAMAGED = "the page was damaged after it was written";

export class PageBlocks implements BlockSource {
  /** Resolves when the next block has arrived. Null while nothing waits. */
  private arrival: Promise<void> | null = null;
  private readonly found = new Map<number, Comment>();
  /** The last node of the page that was looked at. */
  private last: ChildNode | null = null;

  constructor(
    private readonly wrapper: Element,
    private readonly owner: string,
  ) {}

  block(number: number, check: number): Block {
    return { bytes: () => this.bytes(number, check), far: false };
  }

  private async bytes(number: number, check: number): Promise<Uint8Array> {
    for (;;) {
      const comment = this.find(number);
      if (comment) return inflate(contentOf(comment, number, check));
      if (document.readyState !== "loading") throw new Error(`block ${number} is missing: ${CUT_OFF}`);
      await (this.arrival ??= this.nextArrival());
    }
  }

  private find(number: number): Comment | undefined {
    for (;;) {
      const next: ChildNode | null = this.last ? this.last.nextSibling : this.wrapper.firstChild;
      if (!next) return this.found.get(number);
      this.last = next;
      const header = headerOf(next);
      if (header?.owner === this.owner) this.found.set(header.number, next as Comment);
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

function headerOf(node: ChildNode) {
  if (node.nodeType !== Node.COMMENT_NODE) return null;
  const [header, owner = "", number, length] =
    /^([0-9a-f]{8}):(\d+):(\d+):/.exec((node.nodeValue ?? "").slice(0, 40)) ?? [];
  return header === undefined
    ? null
    : { owner, number: Number(number), length: Number(length), end: header.length };
}

/** The zlib stream of a block, if it is all of it and the one that the JSON names. */
function contentOf(comment: Comment, number: number, check: number): Uint8Array {
  const header = headerOf(comment);
  const text = comment.data.slice(header?.end);
  if (text.length !== header?.length) throw new Error(`block ${number} is not complete: ${CUT_OFF}`);
  const bytes = fromBase64(text);
  // A zlib stream ends with the checksum of what it holds, so that other data is found out before it is decompressed.
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(-4);
  if (((a << 24) | (b << 16) | (c << 8) | d) >>> 0 !== check)
    throw new Error(`block ${number} holds other data: ${DAMAGED}`);
  return bytes;
}
