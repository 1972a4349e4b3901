/** The JSON of a page: a view's name and its props. Written by hand, unlike the other files of this folder. */
import type { PropsByView } from "./views";

export type ViewName = keyof PropsByView;

/** A figure of one view. */
export interface FigureOf<Name extends ViewName> {
  view: Name;
  props: PropsByView[Name];
}

/** A figure of any view. */
export type Figure = { [Name in ViewName]: FigureOf<Name> }[ViewName];

/** A part of a tensor: base64 text, or where to get it. The JSON has the number of a block, which `data/blocks.ts` replaces. */
export type Chunk = string | Block;

/** A page element with the text of one chunk, which may still be arriving. */
export interface Block {
  text(): Promise<string>;
}
