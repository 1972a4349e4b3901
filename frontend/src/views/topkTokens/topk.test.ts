import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { figureOf } from "../../../test/fixtures";
import type { TopkTokensProps } from "../../props";
import type { Column } from "./columns";
import { bottomOf, columnOf, loadGroup, placeOf, topOf } from "./columns";
import { betweenText, describeCell } from "./descriptions";
import { TopkState } from "./topkState.svelte";
import TopkTokens from "./TopkTokens.svelte";

function props(name: string): TopkTokensProps {
  return figureOf("TopkTokens", name).props;
}

async function state(name: string, perPage: number): Promise<TopkState> {
  const view = new TopkState(props(name), perPage);
  await vi.waitFor(() => expect(view.page).not.toBeNull());
  return view;
}

function values(columns: Column[] | undefined): number[][] {
  return columns?.map(({ entries }) => entries.map(({ value }) => value)) ?? [];
}

test("whole numbers are exact, and each has its position", async () => {
  const [sample] = props("topk-tokens-circuitsvis-1").samples;
  const column = columnOf(sample!, await loadGroup(sample!, 1), 2);
  expect(column.entries).toEqual([29, 26, 23, 20, 17].map((value, i) => ({ value, position: 4 - i })));
});

test("neurons lie in the groups of their layer", () => {
  const sample = { ...props("topk-tokens-circuitsvis-1").samples[0]!, neurons: 25 };
  expect(placeOf(sample, 10, 0, 9)).toEqual({ group: 0, place: 9 });
  expect(placeOf(sample, 10, 0, 24)).toEqual({ group: 2, place: 4 });
  expect(placeOf(sample, 10, 2, 0)).toEqual({ group: 6, place: 0 });
});

test("columns with fewer values than rows have gaps: the smallest value is the last row", () => {
  const entries = [3, 1].map((value, position) => ({ value, position }));
  const column = { entries, bound: 0 };
  expect(topOf(column, 3)).toEqual([...entries, null]);
  expect(bottomOf(column, 3)).toEqual([null, ...entries]);
  expect([topOf(column, 1), bottomOf(column, 1)]).toEqual([[entries[0]], [entries[1]]]);
});

test("a page is turned, jumped to, and ends where the neurons end", async () => {
  const view = await state("topk-tokens-samples", 8);
  expect([view.page?.first, view.page?.columns.length]).toEqual([0, 8]);
  expect(view.turn(-1)).toBe(false);
  expect(view.turn(1)).toBe(true);
  expect(view.page?.first).toBe(8);
  view.choose({ neuron: 38 });
  expect([view.page?.first, view.neuron]).toEqual([32, 38]);
  expect(view.turn(1)).toBe(false);
  view.choose({ sample: 1 }); // it has 31 neurons
  await vi.waitFor(() => expect(view.page?.sample).toBe(1));
  expect([view.page?.first, view.neuron]).toEqual([23, 30]);
});

test("what was chosen last is drawn, whatever is decoded first", async () => {
  const view = await state("topk-tokens-samples", 3);
  const before = values(view.page?.columns);
  view.choose({ sample: 1 });
  view.choose({ sample: 0, layer: 1 });
  await vi.waitFor(() => expect(view.page?.layer).toBe(1));
  expect(view.page?.sample).toBe(0);
  expect(values(view.page?.columns)).not.toEqual(before);
});

test("k and the ends are those chosen, no more than the sample has", async () => {
  const view = await state("topk-tokens-circuitsvis-1", 3);
  expect(view.rows).toHaveLength(10);
  view.k = 2;
  view.ends = "bottom";
  expect(view.rows.map(({ end }) => end)).toEqual(["bottom", "bottom"]);
  expect([view.rows.map((_, row) => describeCell(view, { row, column: 1 }))]).toEqual([
    ["Neuron 1, bottom 2: 4.000 at 1 b", "Neuron 1, bottom 1: 1.000 at 0 a"],
  ]);
  expect(betweenText(view)).toBe("1 token between");
  view.k = 5;
  expect(betweenText(view)).toBe("the text has 5 tokens: some are both top and bottom");
});

test("a cell without a value says so", async () => {
  const view = await state("topk-tokens-missing", 4);
  expect(describeCell(view, { row: 1, column: 0 })).toBe("Neuron 0, top 2: no value");
});

test("a neuron that cannot be read is an error on the page", async () => {
  const broken = structuredClone(props("topk-tokens-circuitsvis-1"));
  broken.samples[0]!.positions.chunks[1] = "AAAA";
  const view = new TopkState(broken, 3);
  await vi.waitFor(() => expect(view.page).not.toBeNull());
  view.choose({ layer: 1 });
  await vi.waitFor(() => expect(view.error).toMatch(/^These neurons could not be read/));
});

test("the table is walked by the keyboard, and pages turn in it", async () => {
  render(TopkTokens, { props: { props: props("topk-tokens-samples"), theme: "light", room: 340 } });
  const grid = await screen.findByTestId("topk");
  const cell = (row: number, column: number) =>
    grid.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`)!;
  const focused = () => document.activeElement as HTMLElement;
  expect(grid.querySelectorAll("[tabindex='0']")).toHaveLength(1);
  cell(0, 0).focus();
  await fireEvent.keyDown(focused(), { key: "ArrowDown" });
  await fireEvent.keyDown(focused(), { key: "ArrowRight" });
  expect(focused()).toBe(cell(1, 1));
  await fireEvent.keyDown(focused(), { key: "Enter" });
  expect(screen.getByTestId("status").textContent).toMatch(
    /^\s*Pinned; Esc or click to release. Neuron 1, top 2: /,
  );
  await fireEvent.keyDown(focused(), { key: "Escape" });
  await fireEvent.keyDown(focused(), { key: "PageDown" });
  expect(screen.getByTestId("page-extent").textContent).toBe("Neuron 2–3 of 40");
  await fireEvent.keyDown(focused(), { key: "ArrowRight" });
  expect(screen.getByTestId("page-extent").textContent).toBe("Neuron 3–4 of 40");
  expect(focused()).toBe(cell(1, 1));
});
