/** The JSON of a page: a view's name and its props. Written by hand. */
import type { PropsByView } from "./views";

export type ViewName = keyof PropsByView;

/** A figure of one view. */
export interface FigureOf<Name extends ViewName> {
  view: Name;
  props: PropsByView[Name];
}

/** A figure of any view. */
export type Figure = { [Name in ViewName]: FigureOf<Name> }[ViewName];
