/** Tokens as the page shows them: spaces, line ends, empty texts and broken characters are made visible. */

/** A piece of a token's text; `mark` pieces are glyphs that stand for something invisible. */
export interface Piece {
  text: string;
  mark: boolean;
}

const MARKS: Record<string, string> = {
  " ": "·",
  "\n": "↵",
  "\r": "␍",
  "\t": "⇥",
  "\u00a0": "⍽",
  // How byte-level BPE and SentencePiece write the space, the line end and the tab.
  Ġ: "·",
  Ċ: "↵",
  ĉ: "⇥",
  "▁": "·",
};

/** Invisible characters and line breaks, which are shown as code points. Joiners stay, because emoji and some scripts need them. */
const INVISIBLE =
  /[\p{Cc}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\p{Cs}\p{Co}\p{Cn}]/u;
/** Texts that draw nothing: spaces, joiners, variation selectors and tags alone. All of their characters are shown as code points. */
const BLANK = /^[\s\u200c\u200d\ufe00-\ufe0f\u{e0000}-\u{e0fff}]*$/u;
const SPECIAL = /^(<\|.*\|>|<\/?(s|pad|bos|eos|unk|mask|cls|sep)>|\[(CLS|SEP|MASK|PAD|UNK|BOS|EOS)\])$/i;

/** Printable ASCII, and the marks above (escaped, for the bundle is ASCII): nothing wider than its neighbours, nothing that is shown as a code point. */
const VISIBLE = /^[ -~\u00b7\u21b5\u240d\u21e5\u237d\u2205]*$/;

/** Most tokens: visible ASCII, perhaps after a space. */
const PLAIN = /^ ?[!-~]+$/;

/** Letters that are written from right to left, and change the side on which their neighbours are drawn. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** The pieces of a token, in order; an empty token has one mark. */
export function pieces(token: string): Piece[] {
  if (token === "") return [{ text: "∅", mark: true }];
  if (PLAIN.test(token)) {
    const word = { text: token.trimStart(), mark: false };
    return token.startsWith(" ") ? [{ text: "·", mark: true }, word] : [word];
  }
  const list: Piece[] = [];
  let at = 0;
  for (const character of token) {
    const mark = markOf(character, at, token);
    at += character.length;
    const last = list[list.length - 1];
    if (last && last.mark === (mark !== null)) last.text += mark ?? character;
    else list.push({ text: mark ?? character, mark: mark !== null });
  }
  return list;
}

/** The token as one line of text, as `pieces` shows it. */
export function plain(token: string): string {
  return pieces(token)
    .map((piece) => piece.text)
    .join("");
}

/**
 * Whether a text, as it is shown, certainly fits into the width of `n` wide characters. Only other texts are clipped: each clip costs time in
 * every frame.
 */
export function isShort(text: string, n: number): boolean {
  return text.length <= n && VISIBLE.test(text);
}

/** Whether a text has letters that are written from right to left. */
export function hasRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** Whether nothing of a text would be seen. */
export function isInvisible(text: string): boolean {
  return [...text].every((character) => INVISIBLE.test(character) || BLANK.test(character));
}

/** Whether the token is a control token such as <|endoftext|>. */
export function isSpecial(token: string): boolean {
  return SPECIAL.test(token);
}

/** The mark of a character at a place of the token, which is counted in UTF-16 units: characters of other planes have two. */
function markOf(character: string, at: number, token: string): string | null {
  if (character === " " || character === "▁") {
    // Inside a word a space needs no glyph, it is visible between letters.
    const inside = /\S/u.test(token.slice(0, at)) && /\S/u.test(token.slice(at + 1));
    return inside && character === " " ? null : "·";
  }
  const mark = MARKS[character];
  if (mark) return mark;
  if (!INVISIBLE.test(character) && !BLANK.test(token)) return null;
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
