/** The parts of a tensor. Written by hand. */

/** A part of a tensor: base64 text, or where to get it. The JSON has a reference, which `data/blocks.ts` replaces. */
export type Chunk = string | Block;

/** One chunk that is not in the JSON: a comment of the page, a file of a web host, or an answer of a kernel. */
export interface Block {
  /**
   * The byte planes, not compressed. Throws `Unreached` if asking again may help, and any other error if the data is damaged.
   * @param signal says when they are not wanted any more
   */
  bytes(signal?: AbortSignal): Promise<Uint8Array>;
  /** Whether each chunk costs a request, so that only what is looked at is asked for. */
  readonly far: boolean;
}
