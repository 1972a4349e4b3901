/** The figures that Python wrote into frontend/fixtures, by name. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "../src/props";

const FOLDER = join(import.meta.dirname, "..", "fixtures");

export const NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.replace(".json", ""));

export function text(name: string): string {
  return readFileSync(join(FOLDER, `${name}.json`), "utf8");
}

export function figure(name: string): Figure {
  return JSON.parse(text(name)) as Figure;
}
