/** The figures that Python wrote into frontend/fixtures, by name. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { AttentionProps, FigureOf, FigureProps, ViewName } from "../src/props";

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

/** What every figure has. */
export function figure(name: string): { view: ViewName; props: FigureProps } {
  return JSON.parse(text(name)) as { view: ViewName; props: FigureProps };
}

/** A figure of one view. */
export function figureOf<Name extends ViewName>(view: Name, name: string): FigureOf<Name> {
  const found = figure(name);
  if (found.view !== view) throw new Error(`${name} is drawn by ${found.view}, not by ${view}`);
  return found as FigureOf<Name>;
}

/** The fixtures that show attention heads. */
export const WITH_HEADS = NAMES.filter((name) => "heads" in figure(name).props);

/** The props of a figure of attention heads. */
export function heads(name: string): AttentionProps {
  const { props } = figure(name);
  if (!("heads" in props)) throw new Error(`${name} has no heads`);
  return props as AttentionProps;
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => join(folder, file));
}
