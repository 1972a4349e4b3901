/** Hover previews, click locks, click again or Escape lets go. While locked, hovering elsewhere changes nothing. */
export class HoverLock<T> {
  hovered: T | null = $state.raw(null);
  locked: T | null = $state.raw(null);

  constructor(private readonly same: (a: T, b: T) => boolean = Object.is) {}

  /** What is shown: the locked thing, else the hovered one. */
  get focus(): T | null {
    return this.locked ?? this.hovered;
  }

  hover(value: T | null): void {
    this.hovered = value;
  }

  /** Locks, moves the lock, or lets go if it is the locked one. */
  toggle(value: T): void {
    this.locked = this.isLocked(value) ? null : value;
  }

  isLocked(value: T): boolean {
    return this.locked !== null && this.same(this.locked, value);
  }

  release(): void {
    this.locked = null;
  }

  clear(): void {
    this.locked = null;
    this.hovered = null;
  }
}
