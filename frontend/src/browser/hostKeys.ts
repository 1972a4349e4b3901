/**
 * Keys that are pressed in a figure are not commands of the notebook around it. JupyterLab and Notebook 7 take keys before the figure does
 * (b adds a cell, d d deletes one), unless this attribute is on the element that has the focus, which for them is the figure's host.
 */
const SUPPRESS = "data-lm-suppress-shortcuts";

/** Whether a key belongs to the page around the figure: shortcuts that save, run a cell or open a palette. Figures have none of these. */
export function isShortcut({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey || (shiftKey && key === "Enter");
}

/** Keeps the keys that are pressed inside `host` from the notebook. Returns a function that ends it. */
export function keepKeys(host: Element): () => void {
  // Of the window and in the capture phase: Notebook 7 listens in that phase too, further inside.
  const decide = (event: KeyboardEvent): void => {
    if (!event.composedPath().includes(host)) return;
    host.toggleAttribute(SUPPRESS, !isShortcut(event) && event.key !== "Escape");
  };
  addEventListener("keydown", decide, true);
  return () => {
    removeEventListener("keydown", decide, true);
    host.removeAttribute(SUPPRESS);
  };
}
