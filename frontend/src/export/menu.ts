/** The items of the export menu. */
import { type Action, copyCsv, copyEdge, copyPng, copyPython, saveCsv, savePng, saveSvg } from "./actions";
import type { Exports } from "./exports";

interface Item {
  text: string;
  /** What screen readers say, with the text in it. */
  label: string;
  testid: string;
  action: Action;
}

export interface Group {
  name: string;
  items: Item[];
}

const PICTURE: Item[] = [
  ...[1, 2, 4].map((scale) => ({
    text: `PNG ${scale}×`,
    label: `PNG ${scale}×: save the picture`,
    testid: `export-png-${scale}`,
    action: savePng(scale),
  })),
  { text: "SVG", label: "SVG: save the drawing", testid: "export-svg", action: saveSvg },
  { text: "Copy", label: "Copy the picture", testid: "copy-picture", action: copyPng },
];
const VALUES: Item[] = [
  { text: "CSV", label: "CSV: save the values", testid: "export-csv", action: saveCsv },
  { text: "Copy", label: "Copy the values as CSV", testid: "copy-csv", action: copyCsv },
];
const PYTHON: Item[] = [
  {
    text: "Copy as Python",
    label: "Copy as Python: the call that shows this",
    testid: "copy-python",
    action: copyPython,
  },
];

const EDGE: Item = {
  text: "Copy: why this edge?",
  label: "Copy: why this edge? The call that splits the score of the pinned cell",
  testid: "copy-edge",
  action: copyEdge,
};

/** What a view can give. */
export function groupsOf({ picture, call, edge }: Exports): Group[] {
  return [
    ...(picture ? [{ name: "Picture", items: PICTURE }] : []),
    { name: "Values", items: VALUES },
    ...(call ? [{ name: "Call", items: edge ? [...PYTHON, EDGE] : PYTHON }] : []),
  ];
}
