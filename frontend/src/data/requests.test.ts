import { expect, test } from "vitest";
import { Dropped, Requests } from "./requests";

/** Requests whose work ends when the test says so. */
function setup(atOnce: number, longest: number) {
  const requests = new Requests(atOnce, longest);
  const started: number[] = [];
  const dropped: number[] = [];
  const ends = new Map<number, () => void>();
  const ask = (id: number) => {
    const work = () => {
      started.push(id);
      return new Promise<void>((end) => ends.set(id, end));
    };
    requests.run(work).catch((error: unknown) => {
      if (error instanceof Dropped) dropped.push(id);
    });
  };
  const end = async (id: number) => {
    ends.get(id)!();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { ask, end, started, dropped };
}

test("no more than so many run at once, and the newest that waits is next", async () => {
  const { ask, end, started } = setup(2, 10);
  [1, 2, 3, 4].forEach(ask);
  expect(started).toEqual([1, 2]);
  await end(2);
  expect(started).toEqual([1, 2, 4]);
  await end(1);
  expect(started).toEqual([1, 2, 4, 3]);
});

test("beyond the longest queue the oldest that waits is dropped", async () => {
  const { ask, end, started, dropped } = setup(1, 2);
  [1, 2, 3, 4].forEach(ask);
  await end(1);
  expect(dropped).toEqual([2]);
  expect(started).toEqual([1, 4]);
});

test("work that fails fails its own request, and the next one starts", async () => {
  const requests = new Requests(1);
  const first = requests.run(() => Promise.reject(new Error("no")));
  const second = requests.run(() => Promise.resolve(5));
  await expect(first).rejects.toThrow("no");
  expect(await second).toBe(5);
});

test("what is not wanted any more is dropped, whether it waits or runs, and its place is free once its work has ended", async () => {
  const requests = new Requests(1);
  const wanted = new AbortController();
  const started: string[] = [];
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<void>((_, stop) =>
      wanted.signal.addEventListener("abort", () => stop(new Error("aborted"))),
    );
  };
  const dropped = ["runs", "waits"].map((name) => requests.run(work(name), wanted.signal));
  const other = requests.run(() => Promise.resolve(started.push("other")));
  wanted.abort();
  for (const request of dropped) await expect(request).rejects.toBeInstanceOf(Dropped);
  await other;
  expect(started).toEqual(["runs", "other"]);
});
