import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chances, inTurn } from "./slices";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work that takes so long. */
const taking = (ms: number, done: () => void) => () => {
  vi.setSystemTime(Date.now() + ms);
  vi.spyOn(performance, "now").mockReturnValue(Date.now());
  done();
};

test("work is done in order, later, and in slices that end when they have taken long enough", () => {
  vi.spyOn(performance, "now").mockReturnValue(Date.now());
  const done: number[] = [];
  for (const number of [0, 1, 2, 3]) inTurn(taking(10, () => done.push(number)));
  expect(done).toEqual([]);
  vi.advanceTimersToNextTimer();
  expect(done).toEqual([0, 1]); // 10 ms are less than a slice, 20 more
  vi.advanceTimersToNextTimer();
  expect(done).toEqual([0, 1, 2, 3]);
  expect(vi.getTimerCount()).toBe(0);
});

test("work that was called off is not done, and other work still is", () => {
  const done: string[] = [];
  const stop = inTurn(() => done.push("off"));
  inTurn(() => done.push("on"));
  stop();
  vi.runAllTimers();
  expect(done).toEqual(["on"]);
});

test("work that fails does not keep the others from their turn", () => {
  const done: string[] = [];
  inTurn(() => {
    throw new Error("of another figure");
  });
  inTurn(() => done.push("this"));
  expect(() => vi.runAllTimers()).toThrow("of another figure");
  vi.runAllTimers();
  expect(done).toEqual(["this"]);
});

test("a loop waits only when its work has taken long enough", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const chance = chances();
  now.mockReturnValue(12);
  await chance();
  expect(vi.getTimerCount()).toBe(0);
  now.mockReturnValue(13);
  const waiting = chance();
  expect(vi.getTimerCount()).toBe(1);
  vi.runAllTimers();
  await waiting;
  now.mockReturnValue(20); // 7 more
  await chance();
  expect(vi.getTimerCount()).toBe(0);
});
