import { afterEach, expect, test } from "vitest";
import { resolveTheme } from "./theme.svelte";

afterEach(() => {
  document.body.replaceChildren();
  for (const name of document.body.getAttributeNames()) document.body.removeAttribute(name);
  for (const name of document.documentElement.getAttributeNames())
    document.documentElement.removeAttribute(name);
});

function themeWith(prepare: (body: HTMLElement, root: HTMLElement) => void): string {
  const host = document.createElement("div");
  document.body.append(host);
  prepare(document.body, document.documentElement);
  return resolveTheme(host);
}

test("a page without marker, background and color-scheme is light", () =>
  expect(themeWith(() => undefined)).toBe("light"));

test("JupyterLab's marker takes precedence over the background", () => {
  const prepare = (body: HTMLElement) => {
    body.dataset.jpThemeLight = "false";
    body.style.backgroundColor = "white";
  };
  expect(themeWith(prepare)).toBe("dark");
});

test.each([
  ["vscode-dark", "dark"],
  ["vscode-high-contrast", "dark"],
  ["vscode-high-contrast-light", "light"],
  ["vscode-light", "light"],
])("VS Code's %s is %s", (kind, want) => {
  expect(themeWith((body) => (body.dataset.vscodeThemeKind = kind))).toBe(want);
});

test("Colab's attribute decides", () => {
  expect(themeWith((_, root) => root.setAttribute("theme", "dark"))).toBe("dark");
});

test("on other pages the background behind the figure decides, without transparent layers", () => {
  const prepare = (body: HTMLElement) => {
    body.style.backgroundColor = "rgb(20, 20, 30)";
    (body.firstElementChild as HTMLElement).style.backgroundColor = "rgba(255, 255, 255, 0.1)";
  };
  expect(themeWith(prepare)).toBe("dark");
});
