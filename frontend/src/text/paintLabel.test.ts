import { expect, test } from "vitest";
import { emptyPicture, fakePen, type Text } from "../../test/pen";
import type { Label, LabelPlace } from "./paintLabel";
import { fitted, paintLabel } from "./paintLabel";

const STYLE = { size: 11, numberSize: 9, color: "text", quiet: "quiet" };

function painted(label: Label, place: Partial<LabelPlace> = {}): Text[] {
  const picture = emptyPicture();
  paintLabel(fakePen(picture), label, STYLE, { x: 100, y: 50, width: 200, align: "left", ...place });
  return picture.texts;
}

// The fake pen measures 6 px per character.
test("a label is a number, a space and the text", () => {
  const texts = painted({ number: 12, text: "word", kind: "token" });
  expect(texts.map(({ text, x, color }) => [text, x, color])).toEqual([
    ["12", 100, "quiet"],
    ["word", 100 + 12 + 6, "text"],
  ]);
});

test("a label that is aligned right ends at its place", () => {
  const texts = painted({ number: 1, text: "word", kind: "token" }, { align: "right" });
  expect(texts.at(-1)!.x + 6 * 4).toBe(100);
});

test("a token's marks are quiet; a text is written as it is", () => {
  expect(
    painted({ number: null, text: " a", kind: "token" }).map(({ text, color }) => [text, color]),
  ).toEqual([
    ["·", "quiet"],
    ["a", "text"],
  ]);
  expect(painted({ number: null, text: " a", kind: "text" }).map(({ text }) => text)).toEqual([" a"]);
});

test("a token from right to left is written in one piece, so that its characters keep their order", () => {
  expect(painted({ number: null, text: " שלום", kind: "token" }).map(({ text }) => text)).toEqual(["·שלום"]);
});

test("a long text is cut at its room, the number included", () => {
  const [, text] = painted({ number: 7, text: "a".repeat(80), kind: "token" }, { width: 60 });
  expect(text!.text).toBe(`${"a".repeat(7)}…`);
});

test("as much of a text as fits is kept, and no half of a character", () => {
  const pen = fakePen(emptyPicture());
  expect(fitted(pen, "abc", 18)).toBe("abc");
  expect(fitted(pen, "abcdef", 18)).toBe("ab…");
  expect(fitted(pen, "😀😀😀😀", 24)).toBe("😀…"); // an emoji has two code units, 12 px here
});
