/** Reads a figure from its page: the JSON, and where the chunks are that the JSON names. Python's `_page/html_page.py` writes both. */
import type { Chunk, Figure, Tensor } from "../props";
import type { BlockSource } from "./blockSource";
import { adler32 } from "./checksum";
import { httpBlocks, type Place } from "./httpBlocks";
import { LiveBlocks } from "./liveBlocks";
import { CUT_OFF, DAMAGED, PageBlocks } from "./pageBlocks";

/** A chunk as the JSON names it. */
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
  const { circuitsvisLive: key } = (wrapper as HTMLElement).dataset;
  connect(figure.props, key ? new LiveBlocks(key) : new PageBlocks(wrapper, check));
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
function connect(value: object, blocks: BlockSource): void {
  const { chunks } = value as { chunks?: (Chunk | Reference | Place)[] };
  if (Array.isArray(chunks)) {
    if (areStored(chunks)) (value as Tensor).chunks = httpBlocks(value as Tensor, chunks);
    chunks.forEach((chunk, i) => {
      if (isReference(chunk)) chunks[i] = blocks.block(...chunk);
    });
    return;
  }
  // A list of texts or numbers has no tensors, and may be long.
  if (Array.isArray(value) && typeof value[0] !== "object") return;
  for (const part of Object.values(value))
    if (typeof part === "object" && part !== null) connect(part, blocks);
}

function isReference(chunk: Chunk | Reference | Place): chunk is Reference {
  return Array.isArray(chunk) && chunk.length === 2;
}

/** Whether the chunks of a tensor are in a store: then all of them are. */
function areStored(chunks: (Chunk | Reference | Place)[]): chunks is Place[] {
  return Array.isArray(chunks[0]) && chunks[0].length > 2;
}
