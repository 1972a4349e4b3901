/** The head that a figure shows where it is chosen outside of the figure: on a map of all its heads. */
import { getContext, setContext } from "svelte";
import type { HoverPin } from "./hoverPin.svelte";

export interface HeadContext {
  /** Previews and pins heads of the map, by their index. An attribution's other components have indices behind them. */
  readonly pin: HoverPin<number>;
  /** The head that is shown: the pinned or hovered one, else one that the map chooses. */
  readonly shown: number;
}

/** How to pin the head, as a caption says it. */
export const PIN_ON_MAP = "click it on the map to pin it";

const KEY = Symbol("head");

/** Call it while the component around the figure is created. */
export function setHeadContext(context: HeadContext): void {
  setContext(KEY, context);
}

/** Undefined where a figure chooses its heads itself. Call it while the figure's component is created. */
export function getHeadContext(): HeadContext | undefined {
  return getContext<HeadContext | undefined>(KEY);
}
