/**
 * Reads a figure from its page: the JSON, and the blocks behind it, each a comment with the text of one chunk. Blocks may still be arriving
 * while the figure is drawn: a browser inserts a comment when it has all of it, or when the page ends. Python's `_page/html_page.py`
 * writes both.
 */
import type { Block, Chunk, Figure } from "../props";
import { adler32 } from "./checksum";
import { fromBase64 } from "./decode";

const CUT_OFF = "the page was cut off";
const DAMAGED = "the page was damaged after it was written";

/** A chunk as the JSON names it: the number of its block, and the checksum at the end of its zlib stream. */
type Reference = [number: number, check: number];

/** The figure in `wrapper`; null while its JSON has not arrived. Throws if it is not what Python wrote. */
export function readFigure(wrapper: Element): Figure | null {
  const data = dataOf(wrapper);
  if (data === null) {
    if (document.readyState === "loading") return null;
    throw new Error(`its data is missing: a program removed the page's comments, or ${CUT_OFF}`);
  }
  const [seal, length, check] = /:(\d+):([0-9a-f]{8})$/.exec(data.slice(-30)) ?? [];
  if (seal === undefined || check === undefined) throw new Error(CUT_OFF);
  const json = data.slice("json:".length, -seal.length);
  if (json.length !== Number(length) || adler32(json) !== check) throw new Error(DAMAGED);
  const figure = JSON.parse(json) as Figure;
  connect(figure.props, new Blocks(wrapper, check));
  return figure;
}

/** The text of the comment with the JSON, if there is one. */
function dataOf(wrapper: Element): string | null {
  for (const node of wrapper.childNodes)
    if (node.nodeType === Node.COMMENT_NODE && node.nodeValue?.startsWith("json:")) return node.nodeValue;
  return null;
}

/** Whether a document that was saved as a file has its last comment. */
export function hasEnd(page: Document): boolean {
  const comments = page.createNodeIterator(page, NodeFilter.SHOW_COMMENT);
  for (let node = comments.nextNode(); node; node = comments.nextNode())
    if (node.nodeValue === "end") return true;
  return false;
}

/** What Python writes into that comment. For tests and the gallery. */
export function sealed(json: string): string {
  const safe = json.replaceAll(">", "\\u003e");
  return `json:${safe}:${safe.length}:${adler32(safe)}`;
}

/** Replaces the references in all tensors in `value` by their blocks. */
function connect(value: object, blocks: Blocks): void {
  const { chunks } = value as { chunks?: (Chunk | Reference)[] };
  if (Array.isArray(chunks)) {
    chunks.forEach((chunk, i) => {
      if (Array.isArray(chunk)) chunks[i] = blocks.block(...chunk);
    });
    return;
  }
  // A list of texts or numbers has no tensors, and may be long.
  if (Array.isArray(value) && typeof value[0] !== "object") return;
  for (const part of Object.values(value))
    if (typeof part === "object" && part !== null) connect(part, blocks);
}

class Blocks {
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
    return { text: () => this.text(number, check) };
  }

  private async text(number: number, check: number): Promise<string> {
    for (;;) {
      const comment = this.find(number);
      if (comment) return contentOf(comment, number, check);
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

/** The text of a block, if it is all of it and the one that the JSON names. */
function contentOf(comment: Comment, number: number, check: number): string {
  const header = headerOf(comment);
  const text = comment.data.slice(header?.end);
  if (text.length !== header?.length) throw new Error(`block ${number} is not complete: ${CUT_OFF}`);
  const [a = 0, b = 0, c = 0, d = 0] = fromBase64(text.slice(-8)).slice(-4);
  if (((a << 24) | (b << 16) | (c << 8) | d) >>> 0 !== check)
    throw new Error(`block ${number} holds other data: ${DAMAGED}`);
  return text;
}
