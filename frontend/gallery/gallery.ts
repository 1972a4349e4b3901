/** Shows any fixture in any theme and width, from the sources, and reloads as they change. The address holds the choice. */
import "./gallery.css";
import { sealed } from "../src/data/blocks";
import { mount } from "../src/bundles/all";

const files = import.meta.glob(["../fixtures/*.json", "../fixtures/generated/*.json"], {
  query: "?raw",
  import: "default",
});
const fixtures = new Map(
  Object.entries(files).map(([path, load]) => [path.replace(/.*\/|\.json$/g, ""), load]),
);
const CHOICES = {
  fixture: [...fixtures.keys()],
  theme: ["system", "light", "dark"],
  width: ["full", "600", "900", "1200", "2000"],
};
type Choice = keyof typeof CHOICES;

const main = document.createElement("main");
const nav = document.createElement("nav");
nav.setAttribute("aria-label", "What is shown");
const selects = Object.fromEntries(
  Object.entries(CHOICES).map(([name, options]) => [name, select(name as Choice, options)]),
) as Record<Choice, HTMLSelectElement>;
document.body.append(nav, main);
readAddress();
addEventListener("hashchange", readAddress);

function select(name: Choice, options: string[]): HTMLSelectElement {
  const label = document.createElement("label");
  const element = document.createElement("select");
  element.append(...options.map((option) => new Option(option)));
  element.addEventListener("change", writeAddress);
  label.append(`${name} `, element);
  nav.append(label);
  return element;
}

function readAddress(): void {
  const address = new URLSearchParams(location.hash.slice(1));
  for (const [name, options] of Object.entries(CHOICES)) {
    const value = address.get(name) ?? "";
    selects[name as Choice].value = options.includes(value) ? value : (options[0] ?? "");
  }
  void show();
}

/** Writes the choice into the address. The browser then reports a new hash, and `readAddress` shows the figure. */
function writeAddress(): void {
  const choice = Object.entries(selects).map(([name, { value }]) => [name, value]);
  location.hash = new URLSearchParams(choice).toString();
}

async function show(): Promise<void> {
  const { fixture, theme, width } = selects;
  document.documentElement.dataset.theme = theme.value;
  main.style.width = width.value === "full" ? "" : `${width.value}px`;
  const name = fixture.value;
  const text = (await fixtures.get(name)?.()) as string;
  if (name !== fixture.value) return; // another fixture was chosen meanwhile
  const wrapper = document.createElement("div");
  wrapper.append(document.createElement("div"), document.createComment(sealed(text)));
  main.replaceChildren(wrapper);
  mount(wrapper);
}
