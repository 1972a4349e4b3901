import { afterEach, expect, test, vi } from "vitest";
import { deflateSync } from "node:zlib";
import kernelWidget from "../kernelWidget";
import { LiveBlocks } from "./liveBlocks";
import { Unreached } from "./unreached";

interface Question {
  id: string;
  chunks: number[];
}
type Listener = (...parts: never[]) => void;

/** A widget's model, and the kernel behind it, which answers when the test says so. */
class Kernel {
  readonly questions: Question[] = [];
  comm_live = true;
  private readonly listeners = new Map<string, Listener>();

  constructor(readonly key: string) {}

  readonly get = () => this.key;
  readonly on = (event: string, listener: Listener) => void this.listeners.set(event, listener);
  readonly off = (event: string) => void this.listeners.delete(event);
  readonly send = (question: Question) => {
    if (!this.comm_live) throw new Error("Cannot send");
    this.questions.push(question);
  };

  /** Answers with the bytes [number, number] for each chunk, but with errors for those that have one. */
  answer({ id, chunks }: Question, errors: Record<number, string> = {}, last = true): void {
    const good = chunks.filter((number) => !(number in errors));
    const buffers = good.map((number) => {
      const { buffer, byteOffset, byteLength } = deflateSync(Uint8Array.of(number, number));
      return new DataView(buffer as ArrayBuffer, byteOffset, byteLength);
    });
    const content = { id, chunks: chunks.map((number) => ({ number, error: errors[number] ?? null })), last };
    (this.listeners.get("msg:custom") as unknown as (content: object, buffers: DataView[]) => void)(
      content,
      buffers,
    );
  }

  leave(): void {
    this.comm_live = false;
    this.listeners.get("comm_live_update")?.();
  }
}

let disconnect = () => {};

function connected(key: string): Kernel {
  const kernel = new Kernel(key);
  disconnect = kernelWidget.initialize({ model: kernel });
  return kernel;
}

afterEach(() => {
  disconnect();
  vi.useRealTimers();
});

test("chunks that are asked for together go in one message, and each gets its own bytes", async () => {
  const kernel = connected("a");
  const blocks = new LiveBlocks("a");
  const read = Promise.all([7, 3, 9].map((number) => blocks.block(number).bytes()));
  await vi.waitFor(() => expect(kernel.questions).toHaveLength(1));
  const [question] = kernel.questions as [Question];
  expect([...question.chunks].sort()).toEqual([3, 7, 9]);
  kernel.answer({ ...question, chunks: [9] }, {}, false);
  kernel.answer({ ...question, chunks: [3, 7] });
  expect((await read).map((bytes) => [...bytes])).toEqual([
    [7, 7],
    [3, 3],
    [9, 9],
  ]);
});

test("what the kernel could not read is an error with its words, and other chunks arrive", async () => {
  const kernel = connected("b");
  const blocks = new LiveBlocks("b");
  const [bad, good] = [blocks.block(1).bytes(), blocks.block(2).bytes()];
  await vi.waitFor(() => expect(kernel.questions).toHaveLength(1));
  kernel.answer(kernel.questions[0]!, { 1: "its values were changed" });
  await expect(bad).rejects.toThrow("its values were changed");
  await expect(bad).rejects.not.toBeInstanceOf(Unreached);
  expect([...(await good)]).toEqual([2, 2]);
});

test("a kernel that leaves leaves nobody waiting, and another one can be asked", async () => {
  const kernel = connected("c");
  const blocks = new LiveBlocks("c");
  const lost = blocks.block(1).bytes();
  await vi.waitFor(() => expect(kernel.questions).toHaveLength(1));
  kernel.leave();
  await expect(lost).rejects.toBeInstanceOf(Unreached);
  await expect(blocks.block(2).bytes()).rejects.toThrow(
    "no kernel answers for this figure. Run its cell again",
  );
  const next = connected("c");
  const found = blocks.block(2).bytes();
  await vi.waitFor(() => expect(next.questions).toHaveLength(1));
  next.answer(next.questions[0]!);
  expect([...(await found)]).toEqual([2, 2]);
});

test("answers to another tab, which all tabs get, are nobody's here", async () => {
  const kernel = connected("d");
  const found = new LiveBlocks("d").block(1).bytes();
  await vi.waitFor(() => expect(kernel.questions).toHaveLength(1));
  kernel.answer({ id: "another-1", chunks: [1, 2] });
  const other = new Kernel("d");
  kernelWidget.initialize({ model: other })(); // a tab that comes and goes
  kernel.answer(kernel.questions[0]!);
  expect([...(await found)]).toEqual([1, 1]);
  expect(kernel.questions[0]!.id).not.toBe("1");
});

test("where no widget appears for some seconds, no kernel answers", async () => {
  vi.useFakeTimers();
  const read = new LiveBlocks("nobody").block(0).bytes();
  const outcome = expect(read).rejects.toBeInstanceOf(Unreached);
  await vi.advanceTimersByTimeAsync(6000);
  await outcome;
});

test("a widget that appears late is found", async () => {
  const read = new LiveBlocks("late").block(4).bytes();
  await new Promise((resolve) => setTimeout(resolve, 120));
  const kernel = connected("late");
  await vi.waitFor(() => expect(kernel.questions).toHaveLength(1));
  kernel.answer(kernel.questions[0]!);
  expect([...(await read)]).toEqual([4, 4]);
});
