/** Which token of a text is hovered and which is pinned. */

/** What a text asks of the state around it; a `HoverPin<number>` has it. */
export interface TokenChoice {
  /** The pinned token, else the hovered one. */
  readonly focus: number | null;
  /** Set to another token when the keyboard moves the pin. */
  pinned: number | null;
  hover(index: number | null): void;
  /** Pins a token, or releases it if it is pinned already. */
  toggle(index: number): void;
}

/** A token of one of several texts. */
export interface Place {
  text: number;
  token: number;
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.text === b.text && a.token === b.token;
}

/** What one of several texts sees of a choice that they share: only one token is hovered or pinned in all of them. */
export function choiceOf(shared: SharedChoice, text: number): TokenChoice {
  const own = (place: Place | null) => (place?.text === text ? place.token : null);
  return {
    get focus() {
      return own(shared.focus);
    },
    get pinned() {
      return own(shared.pinned);
    },
    set pinned(token: number | null) {
      shared.pinned = token === null ? null : { text, token };
    },
    hover: (token) => shared.hover(token === null ? null : { text, token }),
    toggle: (token) => shared.toggle({ text, token }),
  };
}

/** What a `HoverPin<Place>` has. */
interface SharedChoice {
  readonly focus: Place | null;
  pinned: Place | null;
  hover(place: Place | null): void;
  toggle(place: Place): void;
}
