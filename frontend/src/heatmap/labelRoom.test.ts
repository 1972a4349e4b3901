import { describe, expect, it } from "vitest";
import type { AxisLabels } from "./axisLabels";
import { tokenAxis } from "./axisLabels";
import { labelRoom } from "./labelRoom";

const roomOf = (...sequences: string[][]) => labelRoom(sequences.map((tokens) => tokenAxis("", tokens)));

// test/setup.ts measures 6 px per character.
describe("the room of an axis's labels", () => {
  it("is the widest token with its index, over all axes that may be shown", () => {
    const short = roomOf(["The", " cat", " sat"]);
    expect(roomOf(["The", " cat", " sat"], ["longer words"])).toBeGreaterThan(short);
    expect(roomOf(["abcdefgh"])).toBe("0 ".length * 6 + "abcdefgh".length * 6 + 4);
  });

  it("makes place for as many digits as positions have", () => {
    const tokens = Array.from({ length: 101 }, () => "abcdefgh");
    expect(roomOf(tokens) - roomOf(tokens.slice(0, 10))).toBe(12);
    const late = labelRoom([tokenAxis("", ["abcdefgh"], [1234])]);
    expect(late - roomOf(["abcdefgh"])).toBe(18);
  });

  it("is not less than looks like a margin nor more than a label may be long", () => {
    expect(roomOf(["a"])).toBe(30);
    expect(roomOf(["a".repeat(500)])).toBe(104);
    expect(roomOf([])).toBe(30);
  });

  it("counts what is written instead of a character that cannot be seen", () => {
    expect(roomOf(["\u200b\u200b\u200b"])).toBeGreaterThan(roomOf(["abc"]));
  });

  it("has no number before a text, and counts a text's characters as they are", () => {
    const text: AxisLabels = { labels: ["Layer 10"], title: "Layer", kind: "text" };
    expect(labelRoom([text])).toBe("Layer 10".length * 6 + 4);
    expect(labelRoom([{ ...text, positions: [7] }])).toBe("7 Layer 10".length * 6 + 4);
  });

  it("is larger for the name of several tokens, which ends with their number", () => {
    const axis = (name: string) => ({ ...tokenAxis("", ["a", name]), names: new Set([1]) });
    expect(labelRoom([axis("a question (9 tokens)")])).toBe("a question (9 tokens)".length * 6 + 4);
    expect(labelRoom([axis("a".repeat(99))])).toBe(140);
  });
});
