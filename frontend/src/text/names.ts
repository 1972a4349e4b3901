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
  return `${positions?.[index] ?? index} ${isolated(cut(plain(tokens[index] ?? ""), LONGEST))}`;
}

/** At most `longest` characters of a text. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : text;
}

/** A name in a sentence: one that is written from right to left is isolated from the words beside it. */
export function isolated(name: string): string {
  return hasRightToLeft(name) ? `\u2068${name}\u2069` : name;
}

/** Characters of a head's name in a sentence. */
const LONGEST_HEAD = 80;

/** "Head 9.6"; a name that begins with "head" or "attention" stays as it is. It is cut where it is long: thumbnails have all of it. */
export function headName(text: string): string {
  const name = cut(plain(text), LONGEST_HEAD);
  return /^(head|attention)\b/i.test(name) ? name : `Head ${name}`;
}
