/** The parts of a tensor. Written by hand. */

/** A part of a tensor: base64 text, or where to get it. The JSON has a block's number and checksum, which `data/blocks.ts` replaces. */
export type Chunk = string | Block;

/** A comment of the page with the text of one chunk, which may still be arriving. */
export interface Block {
  text(): Promise<string>;
}
