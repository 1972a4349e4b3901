/** Imports between files. The order of the folders is a lint rule, see eslint.config.js. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const SRC = import.meta.dirname;
const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.(ts|svelte)$/.test(name) && !name.endsWith(".test.ts"),
);

/** The files, relative to `SRC`, that a file imports; types count, too. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(SRC, file), "utf8");
  return [...source.matchAll(/from "(\.[^"]*)"/g)].map(([, target]) => {
    const path = relative(SRC, join(SRC, dirname(file), target as string));
    const resolved = ["", ".ts", "/index.ts"]
      .map((ending) => path + ending)
      .find((one) => FILES.includes(one));
    return resolved ?? expect.fail(`${file} imports ${target}, which is not there`);
  });
}

test("no files import each other in a circle", () => {
  const waiting = new Map(FILES.map((file) => [file, importsOf(file)]));
  for (;;) {
    const ready = [...waiting].filter(([, needed]) => !needed.some((file) => waiting.has(file)));
    if (ready.length === 0) break;
    for (const [file] of ready) waiting.delete(file);
  }
  expect([...waiting.keys()]).toEqual([]);
});

test("the lint rule lists every folder", () => {
  const config = readFileSync(join(SRC, "..", "..", "eslint.config.js"), "utf8");
  const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const [, listed = ""] = /FOLDERS =\s*"([^"]*)"/.exec(config) ?? [];
  expect(listed.split(" ").sort()).toEqual(folders.map((folder) => folder.name).sort());
});
