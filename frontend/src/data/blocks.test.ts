import { afterEach, expect, test, vi } from "vitest";
import { heads, text } from "../../test/fixtures";
import type { AttentionProps, Block } from "../props";
import { decodeChunk, fromBase64 } from "./decode";
import { inflate } from "./inflate";
import { readFigure, sealed } from "./blocks";

const props = heads("small-12-heads");
const texts = props.sequences[0]!.attention.chunks as string[];

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

/** The page of a fixture whose attention is in blocks, as `_page/html_page.py` writes it. */
function page(blocks: readonly string[]): HTMLElement {
  const json = JSON.parse(text("small-12-heads"));
  json.props.sequences[0].attention.chunks = texts.map(reference);
  return wrapperOf(JSON.stringify(json), blocks);
}

function wrapperOf(json: string, blocks: readonly string[]): HTMLElement {
  const wrapper = document.createElement("div");
  wrapper.append(document.createElement("div"), document.createComment(sealed(json)));
  blocks.forEach((block, i) => wrapper.append(blockOf(wrapper, i, block)));
  document.body.append(wrapper);
  return wrapper;
}

/** What the JSON has in place of a chunk. */
function reference(chunk: string, number: number): [number, number] {
  return [number, Buffer.from(chunk, "base64").readUInt32BE(Buffer.from(chunk, "base64").length - 4)];
}

function blockOf(wrapper: Element, number: number, content: string, owner = ownerOf(wrapper)): Comment {
  return document.createComment(`${owner}:${number}:${content.length}:${content}`);
}

/** The checksum of a wrapper's JSON. */
function ownerOf(wrapper: Element): string {
  return wrapper.childNodes[1]!.nodeValue!.slice(-8);
}

const loading = () => vi.spyOn(document, "readyState", "get").mockReturnValue("loading");
const attention = (wrapper: Element) =>
  (readFigure(wrapper)!.props as AttentionProps).sequences[0]!.attention;

test("a reference is replaced by its block", async () => {
  const tensor = attention(page(texts));
  for (const head of [0, 7, 11])
    expect(await decodeChunk(tensor, head)).toEqual(await decodeChunk(props.sequences[0]!.attention, head));
});

test("a block behind the end of the page is reported as missing", async () => {
  const tensor = attention(page(texts.slice(0, 5)));
  await decodeChunk(tensor, 4);
  await expect(decodeChunk(tensor, 5)).rejects.toThrow("block 5 is missing: the page was cut off");
});

test("while the page is being read, a block is waited for until it has arrived or the page ends", async () => {
  const state = loading();
  const wrapper = page(texts.slice(0, 1));
  const tensor = attention(wrapper);
  const decoded: number[] = [];
  const missing: string[] = [];
  for (const head of [0, 1, 2])
    decodeChunk(tensor, head).then(
      () => decoded.push(head),
      (error: Error) => missing.push(error.message),
    );
  await vi.waitFor(() => expect(decoded).toEqual([0]));
  wrapper.append(blockOf(wrapper, 1, texts[1]!));
  await vi.waitFor(() => expect(decoded).toEqual([0, 1]));
  state.mockReturnValue("interactive");
  document.dispatchEvent(new Event("readystatechange"));
  await vi.waitFor(() => expect(missing).toEqual(["block 2 is missing: the page was cut off"]));
});

test("a block that is shorter than it says was cut off", async () => {
  const wrapper = page(texts);
  const last = wrapper.lastChild as Comment;
  last.data = last.data.slice(0, -10);
  await expect(decodeChunk(attention(wrapper), 11)).rejects.toThrow(
    "block 11 is not complete: the page was cut off",
  );
});

test("exchanged blocks are found out, and so are those of another figure", async () => {
  const exchanged = page([texts[1]!, texts[0]!, ...texts.slice(2)]);
  for (const head of [0, 1])
    await expect(decodeChunk(attention(exchanged), head)).rejects.toThrow(`block ${head} holds other data`);
  const foreign = page(texts.slice(0, 11));
  foreign.append(blockOf(foreign, 11, texts[11]!, "01234567"));
  await expect(decodeChunk(attention(foreign), 11)).rejects.toThrow("block 11 is missing");
});

test("a changed character of a block is found out, at whatever place", async () => {
  const [chunk] = texts;
  for (let at = 0; at < chunk!.length; at += 7) {
    const changed = chunk!.slice(0, at) + (chunk![at] === "A" ? "B" : "A") + chunk!.slice(at + 1);
    await expect(decodeChunk(attention(page([changed, ...texts.slice(1)])), 0)).rejects.toThrow();
  }
});

test("a changed character of the JSON is found out, at whatever place", () => {
  const whole = sealed(text("hello"));
  for (let at = 0; at < whole.length; at++) {
    const wrapper = wrapperOf("{}", []);
    (wrapper.childNodes[1] as Comment).data = `${whole.slice(0, at)}#${whole.slice(at + 1)}`;
    expect(() => readFigure(wrapper)).toThrow(/missing|cut off|damaged/);
  }
});

test("no text of a figure can end its comment", () => {
  const wrapper = wrapperOf(JSON.stringify({ view: "Hello", props: { name: "-->--!>" } }), []);
  const copy = document.createElement("div");
  copy.innerHTML = wrapper.outerHTML;
  expect(readFigure(copy.firstElementChild!)!.props).toEqual({ name: "-->--!>" });
});

test("a figure is not read before its JSON has arrived, and what is missing at the end is said", () => {
  const state = loading();
  const wrapper = document.createElement("div");
  expect(readFigure(wrapper)).toBeNull();
  state.mockReturnValue("interactive");
  expect(() => readFigure(wrapper)).toThrow("its data is missing");
});

test("references are found in every tensor of a figure, wherever it is, and only there", async () => {
  const json = JSON.parse(text("lines-batch"));
  const texts: string[] = [];
  for (const tensor of tensors(json))
    tensor.chunks = tensor.chunks.map((chunk) => reference(chunk as string, texts.push(chunk as string) - 1));
  const { props } = readFigure(wrapperOf(JSON.stringify(json), texts))!;
  const chunks = tensors(props).flatMap((tensor) => tensor.chunks) as Block[];
  const planes = await Promise.all(texts.map((text) => inflate(fromBase64(text))));
  expect(await Promise.all(chunks.map((chunk) => chunk.bytes()))).toEqual(planes);
  expect((props as AttentionProps).sequences.map((sequence) => sequence.destTokens)).toEqual(
    heads("lines-batch").sequences.map((sequence) => sequence.destTokens),
  );
});

function tensors(value: unknown): { chunks: unknown[] }[] {
  if (typeof value !== "object" || value === null) return [];
  return "chunks" in value ? [value as { chunks: unknown[] }] : Object.values(value).flatMap(tensors);
}
