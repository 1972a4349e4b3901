/** Keeping heads: Shift, Ctrl or Cmd with a click, or with Enter; and the kept heads as a list for Python. */
import type { ScoreMapState } from "./scoreMapState.svelte";

/** Keeps the head, or removes it, if the event asks for that; the event then does nothing else. */
export function keepByEvent(
  view: ScoreMapState,
  event: MouseEvent | KeyboardEvent,
  head: number | null,
): void {
  const { shiftKey, ctrlKey, metaKey } = event;
  const chosen = event instanceof KeyboardEvent ? event.key === "Enter" : true;
  if (!chosen || !(shiftKey || ctrlKey || metaKey) || head === null || head >= view.names.length) return;
  event.stopPropagation();
  event.preventDefault();
  view.toggleKept(head);
}

/** Pairs of layer and head, as every argument `heads=` takes them: "[(9, 6), (9, 9)]". */
export function pythonList(heads: readonly number[], layers: readonly number[], nHeads: number): string {
  return `[${heads.map((head) => `(${layers[Math.floor(head / nHeads)]}, ${head % nHeads})`).join(", ")}]`;
}
