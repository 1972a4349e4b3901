/**
 * What anywidget runs in the page of a notebook for each live output: it joins the page with the kernel. Python's `_live/connection.py`
 * is at the other end. The widget is never displayed. Built beside the bundles (`build.mjs`), with no imports.
 */
interface Model {
  get(name: string): unknown;
  on(event: string, listener: (...parts: never[]) => void): void;
  off(event: string, listener: (...parts: never[]) => void): void;
  send(content: { id: string; chunks: number[] }): void;
  comm_live?: boolean;
}

interface Answer {
  id: string;
  chunks: { number: number; error: string | null }[];
  last: boolean;
}

/** Someone who waits for a chunk. */
interface Waiting {
  arrived: (bytes: DataView) => void;
  failed: (error: string) => void;
  /** No kernel answers. */
  gone: () => void;
}

type Ask = (chunks: Map<number, Waiting>) => void;

export default {
  initialize({ model }: { model: Model }): () => void {
    const connections = ((globalThis as { circuitsvis_live?: Record<string, Ask> }).circuitsvis_live ??= {});
    const key = String(model.get("key"));
    const questions = new Map<string, Map<number, Waiting>>();
    /** Every tab with this notebook gets all answers, so that its questions need names of their own. */
    const tab = Math.random().toString(36).slice(2);
    let last = 0;

    function answer(content: Answer, buffers: DataView[]): void {
      const waiting = questions.get(content.id);
      let next = 0;
      for (const { number, error } of content.chunks) {
        const bytes = error === null ? buffers[next++] : undefined;
        if (bytes) waiting?.get(number)?.arrived(bytes);
        else waiting?.get(number)?.failed(error ?? "the kernel's answer was incomplete");
        waiting?.delete(number);
      }
      if (content.last) questions.delete(content.id);
    }

    function leave(): void {
      for (const waiting of questions.values()) for (const { gone } of waiting.values()) gone();
      questions.clear();
    }

    /** A kernel that was restarted does not know this widget. */
    function changed(): void {
      if (model.comm_live === false) leave();
    }

    function ask(chunks: Map<number, Waiting>): void {
      const id = `${tab}-${++last}`;
      questions.set(id, chunks);
      try {
        model.send({ id, chunks: [...chunks.keys()] });
      } catch {
        questions.delete(id);
        for (const { gone } of chunks.values()) gone();
      }
    }

    model.on("msg:custom", answer);
    model.on("comm_live_update", changed);
    connections[key] = ask;
    return () => {
      model.off("msg:custom", answer);
      model.off("comm_live_update", changed);
      leave();
      if (connections[key] === ask) Reflect.deleteProperty(connections, key);
    };
  },
  render(): void {
    // nothing: the figure is the output's HTML
  },
};
