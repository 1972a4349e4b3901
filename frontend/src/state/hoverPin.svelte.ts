/** Hovering previews, a click pins, another click or Escape releases. While something is pinned, hovering changes nothing. */
export class HoverPin<T> {
  hovered: T | null = $state.raw(null);
  pinned: T | null = $state.raw(null);

  constructor(private readonly same: (a: T, b: T) => boolean = Object.is) {}

  /** What is shown: the pinned thing, else the hovered one. */
  get focus(): T | null {
    return this.pinned ?? this.hovered;
  }

  hover(value: T | null): void {
    this.hovered = value;
  }

  /** Pins `value` (instead of what was pinned before), or releases it if it is pinned already. */
  toggle(value: T): void {
    this.pinned = this.isPinned(value) ? null : value;
  }

  isPinned(value: T): boolean {
    return this.pinned !== null && this.same(this.pinned, value);
  }

  release(): void {
    this.pinned = null;
  }

  clear(): void {
    this.pinned = null;
    this.hovered = null;
  }
}
