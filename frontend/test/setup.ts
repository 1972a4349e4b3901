/** What jsdom lacks: a canvas to draw on, media queries, scrolling. */
import { beforeEach } from "vitest";

/** Size and pixels of what was drawn last on a canvas. */
export const drawn = new WeakMap<HTMLCanvasElement, ImageData>();

class FakeImageData {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

beforeEach(() => {
  globalThis.ImageData = FakeImageData as unknown as typeof ImageData;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement) {
    return {
      putImageData: (image: ImageData) => drawn.set(this, image),
      measureText: (text: string) => ({ width: 6 * text.length }),
    };
  } as unknown as typeof HTMLCanvasElement.prototype.getContext;
  globalThis.matchMedia = ((media: string) => ({
    media,
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  })) as unknown as typeof matchMedia;
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Element.prototype.scrollIntoView = () => undefined;
});
