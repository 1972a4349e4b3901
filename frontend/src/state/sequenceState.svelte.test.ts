import { flushSync } from "svelte";
import { expect, test, vi } from "vitest";
import { heads } from "../../test/fixtures";
import { decodeChunk, fromBase64 } from "../data/decode";
import { inflate } from "../data/inflate";
import { Dropped } from "../data/requests";
import { Unreached } from "../data/unreached";
import type { AttentionProps, Block } from "../props";
import { SequenceState } from "./sequenceState.svelte";

/** A figure whose heads come from a server that answers as `answers` says, one answer for each request; then it answers well. */
function far(answers: Error[]): { props: AttentionProps; requests: string[] } {
  const props = structuredClone(heads("small-12-heads"));
  const requests: string[] = [];
  const tensor = props.sequences[0]!.attention;
  tensor.chunks = tensor.chunks.map((chunk, head): Block => ({
    far: true,
    bytes: () => {
      requests.push(String(head));
      const answer = answers.shift();
      return answer ? Promise.reject(answer) : inflate(fromBase64(chunk as string));
    },
  }));
  return { props, requests };
}

async function opened(props: AttentionProps): Promise<SequenceState> {
  const state = new SequenceState(props.sequences, props.heads);
  await state.open();
  return state;
}

/** Shows a head as a view does, in an effect, until the test ends it. */
function show(state: SequenceState, head: number): () => void {
  const stop = $effect.root(() => {
    $effect(() => void state.matrix(head));
  });
  flushSync();
  return stop;
}

test("a head that was not reached is said to be so, and is asked for again when the reader says so, not before", async () => {
  const { props, requests } = far([new Unreached("the server did not answer")]);
  const state = await opened(props);
  const stop = show(state, 3);
  await vi.waitFor(() => expect(state.error).toBe("Head 0.3 was not reached: the server did not answer"));
  expect(state.canRetry).toBe(true);
  flushSync();
  expect(requests).toEqual(["3"]);
  await state.retry();
  flushSync();
  await vi.waitFor(() => expect(state.source.peek(3)).toBeDefined());
  stop();
  expect([state.error, state.canRetry]).toEqual(["", false]);
  const want = await decodeChunk(heads("small-12-heads").sequences[0]!.attention, 3);
  expect(state.source.peek(3)!.codes).toEqual(want);
});

test("a head that is damaged is not offered to be asked for again", async () => {
  const { props, requests } = far([new Error("it holds other data")]);
  const state = await opened(props);
  const stop = show(state, 3);
  await vi.waitFor(() => expect(state.error).toContain("Head 0.3 could not be decoded"));
  expect(state.canRetry).toBe(false);
  await state.retry();
  flushSync();
  stop();
  expect(requests).toEqual(["3"]);
  expect(state.error).toContain("Head 0.3 could not be decoded");
});

test("a request that was given up says nothing, and its head is asked for again when it is looked at", async () => {
  const { props, requests } = far([new Dropped("newer requests came first")]);
  const state = await opened(props);
  await state.source.load(3).catch((error: unknown) => state.fail(3, error));
  expect([state.error, state.canRetry]).toEqual(["", false]);
  const stop = show(state, 3);
  await vi.waitFor(() => expect(state.source.peek(3)).toBeDefined());
  stop();
  expect(requests).toEqual(["3", "3"]);
});

test("previews that were not reached are asked for again too", async () => {
  const props = structuredClone(heads("small-12-heads"));
  const preview = props.sequences[0]!.preview!;
  const text = preview.chunks[0] as string;
  let asked = 0;
  preview.chunks[0] = {
    far: true,
    bytes: () => (asked++ ? inflate(fromBase64(text)) : Promise.reject(new Unreached("the kernel is gone"))),
  };
  const state = await opened(props);
  expect(state.error).toBe("This sequence was not reached: the kernel is gone");
  await state.retry();
  expect([state.error, state.previews.length]).toEqual(["", 12]);
});
