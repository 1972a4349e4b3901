/** Decompresses bytes. */

/**
 * Reads the stream piece by piece. A Response would wait for tasks of its own, and while a page is arriving, the browser parses more of it
 * before each task.
 * @param format "deflate" has a zlib header; both formats end with a checksum, which the browser checks
 */
export async function inflate(
  bytes: Uint8Array,
  format: "deflate" | "gzip" = "deflate",
): Promise<Uint8Array> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  // The reading side throws the same errors, and is awaited.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(pieces);
    pieces.push(value);
  }
}

function joined(pieces: Uint8Array[]): Uint8Array {
  const [first, ...more] = pieces;
  if (first && more.length === 0) return first;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
