import { describe, expect, test } from "vitest";
import type { Call } from "../props";
import { edgeCall, hasEdges } from "./edgeCall";

function call(name: string, ...args: [string | null, string][]): Call {
  return { function: name, arguments: args.map(([name, text]) => ({ name, text })), settable: [] };
}

const CELL = { sequence: 1, head: "9.6", dest: 5, src: 0 };

describe("the call of an edge", () => {
  test("has the cell, and the arguments of the figure that it needs", () => {
    const figure = call(
      "cv.attention.from_cache",
      [null, "cache"],
      [null, "tokens"],
      ["layers", "9"],
      ["model", "model"],
      ["padding_side", '"left"'],
    );
    expect(edgeCall(figure, 1, { ...CELL, sequence: 0 })).toBe(
      `cv.heads.edge(
    cache,
    tokens,
    head=(9, 6),
    dest=5,
    src=0,
    model=model,
    padding_side="left",
)`,
    );
  });

  test("finds the tokens of an attribution by their name", () => {
    const figure = call(
      "cv.attribution.from_cache",
      [null, "cache"],
      ["model", "model"],
      ["tokens", "tokens"],
    );
    expect(edgeCall(figure, 1, { ...CELL, sequence: 0, head: "L10H11" })).toBe(
      "cv.heads.edge(cache, tokens, head=(10, 11), dest=5, src=0, model=model)",
    );
  });

  test.each([
    [undefined, 2, ", batch_idx=1"],
    [undefined, 1, ""],
    ["7", 1, ", batch_idx=7"],
    ["[4, -2]", 2, ", batch_idx=-2"],
    ["(4, 3)", 2, ", batch_idx=3"],
    ["range(2, 9)", 7, ", batch_idx=range(2, 9)[1]"],
    ["batch_idx", 2, ", batch_idx=batch_idx[1]"],
  ])("of batch_idx %s and %d sequences has the sequence that is shown", (text, sequences, written) => {
    const given: [string, string][] = text === undefined ? [] : [["batch_idx", text]];
    const figure = call("cv.attention.from_cache", [null, "cache"], [null, "tokens"], ...given);
    expect(edgeCall(figure, sequences, CELL)).toBe(
      `cv.heads.edge(cache, tokens, head=(9, 6), dest=5, src=0${written})`,
    );
  });

  test("is not made before a cell of one head is chosen, and not for other figures", () => {
    const figure = call("cv.attention.from_cache", [null, "cache"], [null, "tokens"]);
    for (const missing of [{ head: null }, { dest: null }, { src: null }, { head: "my head" }])
      expect(edgeCall(figure, 1, { ...CELL, ...missing })).toBe(null);
    expect(hasEdges(figure)).toBe(true);
    expect(hasEdges(null)).toBe(false);
    expect(hasEdges(call("cv.attention.from_values", [null, "attention"]))).toBe(false);
    expect(hasEdges(call("cv.attention.from_cache", ["module", '"decoder.{layer}.cross_attn"']))).toBe(false);
  });
});
