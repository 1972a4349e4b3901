import { expect, test } from "vitest";
import type { Call } from "../props";
import { csvOf } from "./csv";
import { fileName } from "./files";
import { pythonCall } from "./python";

const CALL: Call = {
  function: "cv.attention.from_cache",
  arguments: [
    { name: null, text: "cache" },
    { name: null, text: "tokens" },
    { name: "layers", text: "[9]" },
    { name: "focus", text: '{"head": "9.1"}' },
  ],
  settable: ["focus", "kept", "attention_type"],
};

test("fields with commas, quotes and line breaks are quoted; a field without a value is empty", () => {
  const rows = [
    ["a,b", 'say "x"', "two\nlines", " plain ", null, NaN],
    [0, -1.5, 1e-12, 1 / 3, Infinity, 12345678912],
  ];
  expect(csvOf({ columns: ["A", "B", "C", "D", "E", "F"], rows })).toBe(
    'A,B,C,D,E,F\n"a,b","say ""x""","two\nlines", plain ,,\n0,-1.5,1e-12,0.333333333,inf,12345678900\n',
  );
});

test("what is shown takes the place of the arguments that the call had", () => {
  const settings = {
    focus: { head: "9.6", dest: 4 },
    kept: ["9.6", "9.9"],
    attention_type: "value-weighted",
  };
  expect(pythonCall(CALL, { settings, choices: [] })).toBe(`cv.attention.from_cache(
    cache,
    tokens,
    layers=[9],
    focus={"head": "9.6", "dest": 4},
    kept=["9.6", "9.9"],
    attention_type="value-weighted",
)`);
});

test("where nothing is chosen, the call has no such argument", () => {
  const settings = { focus: null, attention_type: null };
  expect(pythonCall(CALL, { settings, choices: [] })).toBe(
    "cv.attention.from_cache(cache, tokens, layers=[9])",
  );
});

test("what no argument can set is a comment below", () => {
  const call = { ...CALL, settable: [] };
  expect(pythonCall(call, { settings: { focus: { dest: 3 } }, choices: ["logarithmic colors"] })).toMatch(
    /\)\n# then chosen on the page: focus \{"dest": 3\}; logarithmic colors$/,
  );
});

test.each([
  ["Head 9.6", "head-9.6"],
  ["../../etc/passwd", "etc-passwd"],
  ["a\u202eb\n<c>", "a-b-c"],
  ["頭 3", "頭-3"],
  ["···", "figure"],
])("%j names a file %j", (text, name) => {
  expect(fileName(text)).toBe(name);
});
