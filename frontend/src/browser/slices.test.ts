import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { enqueue, startSlices } from "./slices";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work that takes `ms` milliseconds. */
const taking = (ms: number, done: () => void) => () => {
  vi.setSystemTime(Date.now() + ms);
  vi.spyOn(performance, "now").mockReturnValue(Date.now());
  done();
};

test("work is done in order, later, and in slices that end when they have taken long enough", () => {
  vi.spyOn(performance, "now").mockReturnValue(Date.now());
  const done: number[] = [];
  for (const number of [0, 1, 2, 3]) enqueue(taking(10, () => done.push(number)));
  expect(done).toEqual([]);
  vi.advanceTimersToNextTimer();
  expect(done).toEqual([0, 1]); // 10 ms are less than a slice, 20 ms are more
  vi.advanceTimersToNextTimer();
  expect(done).toEqual([0, 1, 2, 3]);
  expect(vi.getTimerCount()).toBe(0);
});

test("cancelled work is not done, and other work still is", () => {
  const done: string[] = [];
  const cancel = enqueue(() => done.push("cancelled"));
  enqueue(() => done.push("other"));
  cancel();
  vi.runAllTimers();
  expect(done).toEqual(["other"]);
});

test("work that fails does not stop the rest of the queue", () => {
  const done: string[] = [];
  enqueue(() => {
    throw new Error("error of another figure");
  });
  enqueue(() => done.push("this figure"));
  expect(() => vi.runAllTimers()).toThrow("error of another figure");
  vi.runAllTimers();
  expect(done).toEqual(["this figure"]);
});

test("a loop waits only when its work has taken long enough", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const yieldIfBusy = startSlices();
  now.mockReturnValue(12);
  await yieldIfBusy();
  expect(vi.getTimerCount()).toBe(0);
  now.mockReturnValue(13);
  const waiting = yieldIfBusy();
  expect(vi.getTimerCount()).toBe(1);
  vi.runAllTimers();
  await waiting;
  now.mockReturnValue(20); // 7 ms after the slice began
  await yieldIfBusy();
  expect(vi.getTimerCount()).toBe(0);
});
