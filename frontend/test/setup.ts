/** What jsdom lacks: a canvas to draw on, media queries, scrolling. */
import { beforeEach } from "vitest";
import { emptyPicture, fakePen, type Picture } from "./pen";

/** What was drawn on a canvas. */
export const drawn = new WeakMap<HTMLCanvasElement, Picture>();

class FakeImageData {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

// before modules are imported, which ask at once
globalThis.matchMedia = ((media: string) => ({
  media,
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
})) as unknown as typeof matchMedia;

beforeEach(() => {
  globalThis.ImageData = FakeImageData as unknown as typeof ImageData;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement) {
    const picture = drawn.get(this) ?? emptyPicture();
    drawn.set(this, picture);
    return fakePen(picture);
  } as unknown as typeof HTMLCanvasElement.prototype.getContext;
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  globalThis.IntersectionObserver = class {
    constructor(private readonly seen: IntersectionObserverCallback) {}
    observe(target: Element) {
      const entry = { isIntersecting: true, target } as unknown as IntersectionObserverEntry;
      queueMicrotask(() => this.seen([entry], this as unknown as IntersectionObserver));
    }
    disconnect() {}
  } as unknown as typeof IntersectionObserver;
  Element.prototype.scrollIntoView = () => undefined;
});
