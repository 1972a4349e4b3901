import { afterEach, expect, test, vi } from "vitest";
import { heads, text } from "../../test/fixtures";
import type { AttentionProps, Block } from "../props";
import { decodeChunk } from "./decode";
import { readFigure } from "./blocks";

const props = heads("small-12-heads");
const texts = props.sequences[0]!.attention.chunks as string[];

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

/** The page of a fixture whose attention is in blocks, as `_page/html_page.py` writes it. */
function page(blocks: readonly string[]): HTMLElement {
  const json = JSON.parse(text("small-12-heads"));
  json.props.sequences[0].attention.chunks = texts.map((_, i) => i);
  const wrapper = document.createElement("div");
  wrapper.append(document.createElement("div"), script("application/json", JSON.stringify(json)));
  blocks.forEach((block, i) => wrapper.append(blockOf(i, block)));
  document.body.append(wrapper);
  return wrapper;
}

function script(type: string, content: string): HTMLScriptElement {
  const element = document.createElement("script");
  element.type = type;
  element.textContent = content;
  return element;
}

function blockOf(index: number, content: string): HTMLScriptElement {
  const element = script("text/plain", content);
  element.dataset.block = String(index);
  return element;
}

const loading = () => vi.spyOn(document, "readyState", "get").mockReturnValue("loading");
const attention = (wrapper: Element) =>
  (readFigure(wrapper)!.props as AttentionProps).sequences[0]!.attention;

test("a chunk number is replaced by its block", async () => {
  const tensor = attention(page(texts));
  for (const head of [0, 7, 11])
    expect(await decodeChunk(tensor, head)).toEqual(await decodeChunk(props.sequences[0]!.attention, head));
});

test("a block behind the end of the page is reported as missing", async () => {
  const tensor = attention(page(texts.slice(0, 5)));
  await decodeChunk(tensor, 4);
  await expect(decodeChunk(tensor, 5)).rejects.toThrow("block 5 is missing: the page was cut off");
});

test("while the page is being read, a block is waited for until another follows it or the page ends", async () => {
  const state = loading();
  const wrapper = page(texts.slice(0, 2));
  const tensor = attention(wrapper);
  const decoded: number[] = [];
  for (const head of [1, 2]) void decodeChunk(tensor, head).then(() => decoded.push(head));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(decoded).toEqual([]); // only a part of block 1 may have arrived
  wrapper.append(blockOf(2, texts[2]!));
  await vi.waitFor(() => expect(decoded).toEqual([1]));
  state.mockReturnValue("interactive");
  document.dispatchEvent(new Event("readystatechange"));
  await vi.waitFor(() => expect(decoded).toEqual([1, 2]));
});

test("a figure is not read before its JSON is complete", () => {
  const state = loading();
  const wrapper = page([]);
  expect(readFigure(wrapper)).toBeNull();
  state.mockReturnValue("interactive");
  expect(readFigure(wrapper)).not.toBeNull();
});

test("chunk numbers are found in every tensor of a figure, wherever it is, and only there", async () => {
  const json = JSON.parse(text("lines-batch"));
  const texts: string[] = [];
  for (const tensor of tensors(json))
    tensor.chunks = tensor.chunks.map((chunk) => texts.push(String(chunk)) - 1);
  const wrapper = document.createElement("div");
  wrapper.append(
    script("application/json", JSON.stringify(json)),
    ...texts.map((block, i) => blockOf(i, block)),
  );
  document.body.append(wrapper);
  const { props } = readFigure(wrapper)!;
  const chunks = tensors(props).flatMap((tensor) => tensor.chunks) as Block[];
  expect(await Promise.all(chunks.map((chunk) => chunk.text()))).toEqual(texts);
  expect((props as AttentionProps).sequences.map((sequence) => sequence.destTokens)).toEqual(
    heads("lines-batch").sequences.map((sequence) => sequence.destTokens),
  );
});

function tensors(value: unknown): { chunks: unknown[] }[] {
  if (typeof value !== "object" || value === null) return [];
  return "chunks" in value ? [value as { chunks: unknown[] }] : Object.values(value).flatMap(tensors);
}
