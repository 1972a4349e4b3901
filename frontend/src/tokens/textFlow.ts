/** How tokens flow as running text: where lines may and must break, and which token stands above or below another. */
import type { Piece } from "../text/tokenText";
import { pieces } from "../text/tokenText";

/** A piece of a token, perhaps at the end of a line. */
export interface FlowPiece extends Piece {
  breaks: boolean;
}

/** The glyph of a line end, as `pieces` writes it. */
const LINE_END = "↵";

/** The pieces of a token; the glyph of a line end breaks the line after it. */
export function flowPieces(token: string): FlowPiece[] {
  return pieces(token).flatMap(({ text, mark }): FlowPiece[] => {
    if (!mark || !text.includes(LINE_END)) return [{ text, mark, breaks: false }];
    return text.split(/(?<=\u21b5)/u).map((part) => ({ text: part, mark, breaks: part.endsWith(LINE_END) }));
  });
}

/** Whether the next token stands on the next line. */
export function endsLine(token: string): boolean {
  return flowPieces(token).at(-1)?.breaks ?? false;
}

/** Spaces, also as byte-level BPE and SentencePiece write them (escaped, for the bundle is ASCII). */
const SPACE_FIRST = /^[\s\u0120\u010a\u2581]/u;
const SPACE_LAST = /[\s\u0120\u010a\u2581]$/u;

/**
 * Whether the line may break before each token: where there is a space, as in any text. Tokens without any spaces are words of
 * their own, between which it may break everywhere.
 */
export function mayBreakBefore(tokens: readonly string[]): boolean[] {
  const spaced = tokens.map(
    (token, i) => i > 0 && (SPACE_FIRST.test(token) || SPACE_LAST.test(tokens[i - 1] as string)),
  );
  return spaced.includes(true) ? spaced : tokens.map((_, i) => i > 0);
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * The token of the next line (`step` 1) or of the line before (-1) that is nearest in the horizontal direction. The token itself if there
 * is no such line.
 *
 * @param boxOf the first box of a token; only as many are asked for as are needed.
 */
export function onNextLine(boxOf: (index: number) => Box, count: number, from: number, step: 1 | -1): number {
  const start = boxOf(from);
  const centre = (start.left + start.right) / 2;
  let line: Box | null = null;
  let best = from;
  let least = Infinity;
  for (let index = from + step; index >= 0 && index < count; index += step) {
    const box = boxOf(index);
    if (!line && overlap(start, box)) continue;
    if (line && !overlap(line, box)) break;
    line ??= box;
    const distance = Math.abs((box.left + box.right) / 2 - centre);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

/** Whether two boxes stand on the same line. */
function overlap(a: Box, b: Box): boolean {
  const middle = (b.top + b.bottom) / 2;
  return middle > a.top && middle < a.bottom;
}
