/** The figures that Python wrote into frontend/fixtures, by name. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Figure } from "../src/props";

const FOLDER = join(import.meta.dirname, "..", "fixtures");
/** Large ones, which git ignores: `requireGenerated.ts` demands them before any test runs. */
const GENERATED = join(FOLDER, "generated");

const FILES = new Map(
  [...jsonFiles(FOLDER), ...jsonFiles(GENERATED)].map((file) => [basename(file, ".json"), file]),
);

export const NAMES = [...FILES.keys()];

export function text(name: string): string {
  return readFileSync(FILES.get(name) ?? join(FOLDER, `${name}.json`), "utf8");
}

export function figure(name: string): Figure {
  return JSON.parse(text(name)) as Figure;
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => join(folder, file));
}
