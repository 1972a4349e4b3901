import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { adler32 } from "./checksum";

/** The last four bytes of a zlib stream. */
const ofZlib = (text: string) => deflateSync(text).subarray(-4).toString("hex");

test.each(["", "a", "hello", "~".repeat(5000), "~".repeat(5001), "0123456789".repeat(99_999)])(
  "the checksum is that of zlib",
  (text) => expect(adler32(text)).toBe(ofZlib(text)),
);
