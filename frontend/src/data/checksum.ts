/** Adler-32, the checksum that zlib uses too: a changed character, and text that was moved or is missing, change it. */

/** So many characters of ASCII can be added before the sums outgrow 31 bits, with which browsers are fast. */
const BATCH = 5000;

/** Of ASCII text, as eight hexadecimal digits: what Python's `zlib.adler32` gives. */
export function adler32(text: string): string {
  let [a, b] = [1, 0];
  for (let from = 0; from < text.length; from += BATCH) {
    const to = Math.min(from + BATCH, text.length);
    for (let i = from; i < to; i++) b += a += text.charCodeAt(i);
    a %= 65521;
    b %= 65521;
  }
  return (b * 65536 + a).toString(16).padStart(8, "0");
}
