/** Requests to a server or a kernel: few at once, the newest first, because that is what the reader looks at now. */
import { Unreached } from "./unreached";

/** A request that was given up because nobody looks at its head any more: many newer ones were made, or another sequence is shown. */
export class Dropped extends Unreached {}

interface Waiting {
  start: () => void;
  drop: () => void;
}

export class Requests {
  private running = 0;
  /** Oldest first. */
  private readonly waiting: Waiting[] = [];

  /**
   * @param atOnce requests that run at the same time
   * @param longest requests that wait; beyond these the oldest is dropped
   */
  constructor(
    private readonly atOnce = 6,
    private readonly longest = 24,
  ) {}

  /**
   * Runs `work` when its turn comes, and resolves with its result. Rejects with `Dropped` if its turn never comes, or `signal` says that
   * the result is not wanted any more; `work` that runs already must heed it too.
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const start = () => {
        this.running++;
        void work()
          .then(resolve, reject)
          .finally(() => {
            this.running--;
            this.next();
          });
      };
      const request = { start, drop: () => reject(new Dropped("nobody looks at it any more")) };
      this.waiting.push(request);
      signal?.addEventListener("abort", () => {
        const at = this.waiting.indexOf(request);
        if (at >= 0) this.waiting.splice(at, 1);
        request.drop();
      });
      this.next();
      if (this.waiting.length > this.longest) this.waiting.shift()?.drop();
    });
  }

  private next(): void {
    if (this.running < this.atOnce) this.waiting.pop()?.start();
  }
}
