import { expect, test } from "vitest";
import { isSpecial, pieces, plain } from "./tokenText";

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

test("control tokens are told from words in brackets", () => {
  expect(["<|endoftext|>", "<s>", "[CLS]", "<b>", "[12]"].map(isSpecial)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
