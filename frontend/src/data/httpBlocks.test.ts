import { gzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import type { Tensor } from "../props";
import { httpBlocks } from "./httpBlocks";
import { Unreached } from "./unreached";

const tensor: Tensor = {
  dtype: "uint8",
  shape: [2, 1, 3],
  layout: "full",
  zero: 0,
  scales: [1, 1],
  missing: 255,
  errorSteps: 0.51,
  chunks: [],
};
const numbers = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)];
const files = numbers.map((head) => new Uint8Array(gzipSync(head)));
const checks = files.map((file) => Buffer.from(file).readUInt32LE(file.length - 8));

afterEach(() => vi.unstubAllGlobals());

/** The block of head 0, and what was asked for, while a server answers with the first answer, then with the next one. */
function asked(...answers: (() => Response | Promise<Response>)[]) {
  const requests: [string, RequestCache | undefined][] = [];
  vi.stubGlobal("fetch", async (name: string, options?: RequestInit) => {
    requests.push([name, options?.cache]);
    return answers[requests.length - 1]!();
  });
  const [block] = httpBlocks(tensor, [
    [0, checks[0]!, files[0]!.length, "data.zarr/sequence_0/attention", "uint8"],
    [1, checks[1]!, files[1]!.length],
  ]);
  return { block: block!, requests };
}

const answer =
  (bytes: Uint8Array, status = 200) =>
  () =>
    new Response(bytes as Uint8Array<ArrayBuffer>, { status });

test("a head is read from its file, whose address changes with its content", async () => {
  const { block, requests } = asked(answer(files[0]!));
  expect(block.far).toBe(true);
  expect([...(await block.bytes())]).toEqual([1, 2, 3]);
  expect(requests).toEqual([
    [`data.zarr/sequence_0/attention/c.0.0.0?${checks[0]!.toString(16)}`, "default"],
  ]);
});

const file = files[0]!;
const flipped = (at: number) => file.map((byte, i) => (i === at ? byte ^ 4 : byte));
test.each<[string, () => Response | Promise<Response>, string]>([
  ["is not there", answer(new Uint8Array(), 404), "not on the server"],
  ["cannot be had", answer(new Uint8Array(), 503), "the server answered 503"],
  [
    "is a page of the server's",
    answer(new TextEncoder().encode("<!doctype html><h1>Not found</h1>".repeat(9))),
    "more bytes",
  ],
  ["was cut off", answer(file.slice(0, -3)), "fewer bytes than it should: it was cut off"],
  ["is empty", answer(new Uint8Array()), "fewer bytes"],
  ["is that of another head", answer(files[1]!), "holds other data"],
  ["has a wrong bit in its data", answer(flipped(12)), "is damaged"],
  ["has a wrong bit in its checksum", answer(flipped(file.length - 6)), "holds other data"],
  ["breaks the connection", () => Promise.reject(new TypeError("failed")), "the server does not answer"],
])("a file that %s is said, and can be asked for again past all caches", async (_, bad, message) => {
  const { block, requests } = asked(bad, answer(file));
  const failure = await block.bytes().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Unreached);
  expect(String(failure)).toContain(message);
  expect([...(await block.bytes())]).toEqual([1, 2, 3]);
  expect(requests.map(([, cache]) => cache)).toEqual(["default", "reload"]);
});

test("any wrong bit of a file is found out or changes nothing", async () => {
  for (let bit = 0; bit < 8 * file.length; bit++) {
    const bad = file.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    const { block } = asked(answer(bad));
    const read = await block.bytes().then(
      (bytes) => [...bytes],
      (error: unknown) => error,
    );
    if (!(read instanceof Unreached)) expect(read).toEqual([1, 2, 3]);
  }
});

test("a page that was opened as a file says how to serve its folder", async () => {
  const { block } = asked(() => Promise.reject(new TypeError("failed")));
  vi.stubGlobal("location", { protocol: "file:", pathname: "/home/me/my%20site/index.html" });
  await expect(block.bytes()).rejects.toThrow('Run: python -m circuitsvis serve "/home/me/my site"');
});
