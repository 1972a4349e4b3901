import { render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect, test } from "vitest";
import BatchSelector from "./BatchSelector.svelte";
import { labelText, sanitize } from "./sanitize";
import Segmented from "../controls/Segmented.svelte";

test.each([
  ["<b>a</b> <code>b</code>", "<b>a</b> <code>b</code>"],
  ['<span style="color: red">a</span>', '<span style="color: red">a</span>'],
  ["<script>x()</script>a", "a"],
  ['<img src="x" onerror="x()">a', "a"],
  ['<b onclick="x()">a</b>', "<b>a</b>"],
  ['<span style="position: fixed; color: red">a</span>', '<span style="color: red">a</span>'],
  ['<span style="background-image: url(http://x)">a</span>', "<span>a</span>"],
  ['<a href="javascript:x()">a</a>', "a"],
  ["<style>* { color: red }</style>a", "a"],
])("the label %s becomes %s", (html, want) => expect(sanitize(html)).toBe(want));

test("a label's plain text has no markup", () =>
  expect(labelText("<b>John</b> &amp; <i>Mary</i>")).toBe("John & Mary"));

function selector(form: "dropdown" | "radio") {
  const chosen: number[] = [];
  render(BatchSelector, {
    labels: ["<b>one</b>", "two", "three"],
    selected: 0,
    form,
    onselect: (i: number) => chosen.push(i),
  });
  return chosen;
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) {
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await tick();
  }
}

test("radio buttons are named by their labels", () => {
  const chosen = selector("radio");
  screen.getByRole("radio", { name: "three" }).click();
  expect(chosen).toEqual([2]);
});

test("the dropdown opens, moves and chooses by keyboard, and says what it holds", async () => {
  const chosen = selector("dropdown");
  const box = screen.getByRole("combobox", { name: "Sequence: one" });
  box.focus();
  await press("Enter", "ArrowDown", "ArrowDown");
  const active = document.getElementById(box.getAttribute("aria-activedescendant") ?? "");
  expect(active?.textContent.trim()).toBe("three");
  expect(chosen).toEqual([]);
  await press("Enter");
  expect(chosen).toEqual([2]);
  expect(box.getAttribute("aria-expanded")).toBe("false");
});

test("Escape closes the dropdown without a choice, a letter jumps", async () => {
  const chosen = selector("dropdown");
  const box = screen.getByRole("combobox");
  box.focus();
  await press("Enter", "ArrowDown", "Escape");
  expect([chosen, box.getAttribute("aria-expanded")]).toEqual([[], "false"]);
  await press("t");
  expect(chosen).toEqual([1]);
});

test("a segmented control is a group of radio buttons", () => {
  const changes: string[] = [];
  const options = [
    { value: "a", text: "First" },
    { value: "b", text: "Second" },
  ];
  render(Segmented, {
    label: "Choice",
    options,
    value: "a",
    testid: "x",
    onchange: (v: string) => changes.push(v),
  });
  expect(screen.getByRole("radiogroup", { name: "Choice" })).toBeTruthy();
  screen.getByRole("radio", { name: "Second" }).click();
  expect(changes).toEqual(["b"]);
});
