import type { Block } from "../props";

/** Where the chunks come from that the JSON only names. */
export interface BlockSource {
  /**
   * @param number of the chunk in its figure
   * @param check the Adler-32 checksum of its byte planes, by which damaged and exchanged data is found out; 0 from a kernel, which makes
   *   the chunk when it is asked for
   */
  block(number: number, check: number): Block;
}
