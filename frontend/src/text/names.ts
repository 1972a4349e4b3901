/** Tokens and heads by name, in the sentences of a page. */
import { hasRightToLeft, plain } from "./tokenText";

/** Characters of a token in a sentence: enough to recognise it, few enough for the lines that are kept free. */
const LONGEST = 24;

/**
 * "5 ·John": position and text, cut where it is long. The tooltip and the strip have all of it. A name that is written from right to left
 * is isolated, so that it does not draw the number beside it on its other side.
 * @param positions where the tokens stand, null where that is their index
 */
export function tokenName(tokens: string[], index: number, positions: number[] | null = null): string {
  const characters = [...plain(tokens[index] ?? "")];
  const name = (characters.length > LONGEST ? [...characters.slice(0, LONGEST - 1), "…"] : characters).join(
    "",
  );
  return `${positions?.[index] ?? index} ${isolated(name)}`;
}

/** A name in a sentence: one that is written from right to left is isolated from the words beside it. */
export function isolated(name: string): string {
  return hasRightToLeft(name) ? `\u2068${name}\u2069` : name;
}

/** "Head 9.6"; a name that begins with "head" or "attention" stays as it is. */
export function headName(text: string): string {
  const name = plain(text);
  return /^(head|attention)\b/i.test(name) ? name : `Head ${name}`;
}
