import { afterEach, expect, test, vi } from "vitest";
import { drawn } from "../test/setup";
import { figure, NAMES, text, WITH_HEADS } from "../test/fixtures";
import { sealed } from "./data/blocks";
import { mountAll } from "./bundles/all";

afterEach(() => document.body.replaceChildren());

function wrapper(json: string, hash = "h1", data = sealed(json)): HTMLElement {
  const element = document.createElement("div");
  element.dataset.circuitsvis = hash;
  element.append(document.createElement("div"), document.createComment(data));
  document.body.append(element);
  return element;
}

/** Whether a canvas has the pixels of a heatmap, or the texts of the lines view. */
function isDrawn(canvas: HTMLCanvasElement): boolean {
  const picture = drawn.get(canvas);
  return picture !== undefined && (picture.image !== null || picture.texts.length > 0);
}

const alert = (element: HTMLElement) => element.querySelector(":scope > div > [role=alert]")?.textContent;
const root = (element: HTMLElement) => element.firstElementChild?.shadowRoot;

test.each(NAMES)(
  "%s mounts, shows something, draws all its canvases and says nothing on the console",
  async (name) => {
    const complaints = [vi.spyOn(console, "error"), vi.spyOn(console, "warn")];
    const element = wrapper(text(name));
    mountAll("h1");
    await vi.waitFor(() => {
      const canvases = [...(root(element)?.querySelectorAll("canvas") ?? [])];
      expect(root(element)?.querySelector("section")?.textContent).toMatch(/\S/);
      if (WITH_HEADS.includes(name)) expect(canvases.length).toBeGreaterThan(0);
      for (const canvas of canvases) expect(isDrawn(canvas)).toBe(true);
    }, 20_000);
    expect(root(element)?.querySelector("[role=alert]")).toBeNull();
    for (const spy of complaints) expect(spy).not.toHaveBeenCalled();
  },
  30_000,
);

test.each(["small-batch-dropdown", "large-batch-radio", "lines-light", "attribution-large"])(
  "%s shows its notes as text",
  async (name) => {
    const element = wrapper(text(name));
    mountAll("h1");
    await vi.waitFor(() => expect(root(element)?.querySelector("[data-testid=notes]")).toBeTruthy(), 20_000);
    const notes = root(element)!.querySelector("[data-testid=notes]")!;
    expect([notes.getAttribute("role"), notes.getAttribute("aria-label")]).toEqual([
      "note",
      "About this data",
    ]);
    const expected = figure(name).props.notes;
    expect(expected.length).toBe(2);
    expect([...notes.querySelectorAll("p")].map((p) => p.textContent)).toEqual(expected);
  },
  30_000,
);

test("a figure is mounted once, and so is its copy; a figure of another version is not", () => {
  const [ours, otherVersion] = [wrapper(text("small-1-token")), wrapper(text("small-1-token"), "h2")];
  mountAll("h1");
  const copy = wrapper(text("small-1-token"));
  mountAll("h1");
  expect(root(ours)?.querySelectorAll("section").length).toBe(1);
  expect(root(copy)?.querySelectorAll("section").length).toBe(1);
  expect(root(otherVersion)).toBeNull();
});

test("a figure with broken data shows an error, and the next figure is drawn", () => {
  const [broken, whole] = [wrapper("{"), wrapper(text("small-1-token"))];
  mountAll("h1");
  expect(alert(broken)).toContain("could not draw this figure");
  expect(root(whole)?.querySelector("section")).toBeTruthy();
});

test("a figure of an unknown view shows an error", () => {
  const element = wrapper(text("small-1-token").replace("AttentionPatterns", "Unheard"));
  mountAll("h1");
  expect(root(element)?.textContent).toContain("a view that its script does not have");
});

test("every head is a button named for screen readers", async () => {
  const element = wrapper(text("small-12-heads"));
  mountAll("h1");
  const heads = () => [...(root(element)?.querySelectorAll("[data-testid=head]") ?? [])];
  await vi.waitFor(() => expect(heads().length).toBe(12));
  const names = heads().map((head) => head.getAttribute("aria-label"));
  expect(new Set(names).size).toBe(12);
  expect(names[0]).toMatch(/^Head 0\.0/);
});
