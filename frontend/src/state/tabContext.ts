/** What a figure in a tab knows about the tabs around it. */
import { getContext, setContext } from "svelte";

export interface TabContext {
  /** Whether the figure's tab is chosen. */
  readonly shown: boolean;
  /** Index of the sequence that all tabs show; null where each has its own. */
  sequence: number | null;
}

const KEY = Symbol("tab");

/** Call it while the component around the figure is created. */
export function setTabContext(context: TabContext): void {
  setContext(KEY, context);
}

/** Undefined where there are no tabs. Call it while the figure's component is created. */
export function getTabContext(): TabContext | undefined {
  return getContext<TabContext | undefined>(KEY);
}
