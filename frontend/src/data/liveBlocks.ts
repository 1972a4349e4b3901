/** Chunks from the kernel of a notebook, through the widget that `kernelWidget.ts` runs in the same page. */
import type { Block } from "../props";
import type { BlockSource } from "./blockSource";
import { inflate } from "./inflate";
import { Requests } from "./requests";
import { Unreached } from "./unreached";

/** Milliseconds in which a notebook that was loaded again connects its widgets. */
const PATIENCE = 5000;
const STEP = 50;

/** All figures of a page share the connection to a kernel. Each message takes about as long as many chunks in one. */
const requests = new Requests(16, 64);

export const NO_KERNEL =
  'no kernel answers for this figure. Run its cell again, or keep all of it in a file with figure.save("figure.html")';

interface Waiting {
  arrived: (bytes: DataView) => void;
  failed: (error: string) => void;
  gone: () => void;
}

type Ask = (chunks: Map<number, Waiting>) => void;

export class LiveBlocks implements BlockSource {
  /** Chunks that are asked for in the next message. */
  private next = new Map<number, Waiting>();

  /** @param key of the figure's widget */
  constructor(private readonly key: string) {}

  block(number: number): Block {
    const ask = () => new Promise<Uint8Array>((resolve, reject) => this.add(number, resolve, reject));
    return { far: true, bytes: async (signal) => inflate(await requests.run(ask, signal)) };
  }

  private add(number: number, resolve: (bytes: Uint8Array) => void, reject: (error: Error) => void): void {
    if (this.next.size === 0) queueMicrotask(() => void this.send());
    this.next.set(number, {
      arrived: ({ buffer, byteOffset, byteLength }) =>
        resolve(new Uint8Array(buffer, byteOffset, byteLength)),
      failed: (error) => reject(new Error(error)),
      gone: () => reject(new Unreached(NO_KERNEL)),
    });
  }

  private async send(): Promise<void> {
    const chunks = this.next;
    this.next = new Map();
    const ask = await this.connection();
    if (ask) ask(chunks);
    else for (const { gone } of chunks.values()) gone();
  }

  private async connection(): Promise<Ask | undefined> {
    for (let waited = 0; waited < PATIENCE; waited += STEP) {
      const ask = connectionsOf(globalThis)?.[this.key] ?? connectionsOf(parentOf(window))?.[this.key];
      if (ask) return ask;
      await new Promise((resolve) => setTimeout(resolve, STEP));
    }
    return undefined;
  }
}

function connectionsOf(global: object): Record<string, Ask> | undefined {
  return (global as { circuitsvis_live?: Record<string, Ask> }).circuitsvis_live;
}

/** The page around a frame, as marimo has it, which runs widgets; the page itself where a sandbox hides it. */
function parentOf(page: Window): Window {
  try {
    return page.parent.document ? page.parent : page;
  } catch {
    return page;
  }
}
