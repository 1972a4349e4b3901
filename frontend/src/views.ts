/** The views of this script: the Svelte components that draw each kind of figure. Python's are in `_wire/views.py`, with the same names. */
import type { Component, Snippet } from "svelte";
import type { ThemeName } from "./color/palette";
import type { FigureOf, PropsByView, Tab, ViewName } from "./props";

/** What every view is given. */
export interface ViewProps<Props> {
  props: Props;
  theme: ThemeName;
  /** CSS pixels that the figure will probably have across; its exact width is known once it is laid out. */
  room: number;
  /** Draws another figure inside of the view, in the same theme; its second argument is `room`. */
  inner: Snippet<[Tab["figure"], number]>;
}

interface View<Props> {
  component: Component<ViewProps<Props>>;
  /** What screen readers call a figure without a title. */
  label: string;
}

export type Views = { [Name in ViewName]: View<PropsByView[Name]> };

const VIEWS: Partial<Views> = {};

/** Adds views to those that this script has. Each file of `bundles/` adds its own. */
export function register(views: Partial<Views>): void {
  Object.assign(VIEWS, views);
}

/** The view that a figure names; undefined where this script does not have it. */
export function viewOf<Name extends ViewName>(figure: FigureOf<Name>): Partial<Views>[Name] {
  return VIEWS[figure.view];
}
