import { expect, test } from "vitest";
import { hasRightToLeft, isShort, isSpecial, pieces, plain } from "./tokenText";

test.each([
  [" Mary", "·Mary"],
  ["\n", "↵"],
  ["\t", "⇥"],
  ["", "∅"],
  ["\udcc3", "\\uDCC3"],
  ["\u200b", "\\u200B"],
  ["\x07", "\\x07"],
  ["Ġthe", "·the"],
  ["▁the", "·the"],
  ["a b", "a b"],
  ["a ", "a·"],
  ["🇩🇪 ", "🇩🇪·"],
  [" 😀 a", "·😀 a"],
  ["</script>", "</script>"],
  ["😀", "😀"],
  ["👩‍👩‍👧", "👩‍👩‍👧"],
  ["مرحبا", "مرحبا"],
])("%j is shown as %j", (token, want) => expect(plain(token)).toBe(want));

test("what stands for something invisible is marked as such", () => {
  expect(pieces(" a\n")).toEqual([
    { text: "·", mark: true },
    { text: "a", mark: false },
    { text: "↵", mark: true },
  ]);
});

test("control tokens are not the same as words in brackets", () => {
  expect(["<|endoftext|>", "<s>", "[CLS]", "<b>", "[12]"].map(isSpecial)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("a text is short where nothing in it can be wider than its characters, as it is shown", () => {
  expect(["·shops", "<b>", "", "↵↵"].map((text) => isShort(text, 6))).toEqual([true, true, true, true]);
  expect(["·shopper", "注意", plain("\u200b\u200b"), "a\u0301"].map((text) => isShort(text, 6))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test("letters from right to left are recognised in all scripts, those beyond the first 65536 characters too", () => {
  const texts = ["\u05e9\u05dc", "a\u0645", "\ufb4a", "\u{1e900}", "\u{10840}"];
  expect(texts.map(hasRightToLeft)).toEqual([true, true, true, true, true]);
  expect(["abc", "\u6ce8", "\u{1f600}", "\u00e9"].map(hasRightToLeft)).toEqual([false, false, false, false]);
});
