import { describe, expect, it } from "vitest";
import { labelRoom } from "./labelRoom";

// test/setup.ts measures 6 px per character.
describe("the room of an axis's labels", () => {
  it("is the widest token with its index, over all sequences", () => {
    const short = labelRoom([["The", " cat", " sat"]]);
    expect(labelRoom([["The", " cat", " sat"], ["longer words"]])).toBeGreaterThan(short);
    expect(labelRoom([["abcdefgh"]])).toBe("0 ".length * 6 + "abcdefgh".length * 6 + 4);
  });

  it("makes place for as many digits as positions have", () => {
    const tokens = Array.from({ length: 101 }, () => "abcdefgh");
    expect(labelRoom([tokens]) - labelRoom([tokens.slice(0, 10)])).toBe(12);
  });

  it("is not less than looks like a margin nor more than a label may be long", () => {
    expect(labelRoom([["a"]])).toBe(30);
    expect(labelRoom([["a".repeat(500)]])).toBe(104);
    expect(labelRoom([[]])).toBe(30);
  });

  it("counts what is written in place of a character that cannot be seen", () => {
    expect(labelRoom([["\u200b\u200b\u200b"]])).toBeGreaterThan(labelRoom([["abc"]]));
  });
});
