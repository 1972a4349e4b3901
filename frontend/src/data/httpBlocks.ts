/** Chunks in the Zarr store beside a page that a web server has. Python's `_store/write_store.py` writes it. */
import type { Block, Tensor } from "../props";
import { inflate } from "./inflate";
import { Requests } from "./requests";
import { planesOf, type StoredType } from "./storedNumbers";
import { Unreached } from "./unreached";

/** A chunk as the JSON names it; path and type of its array stand in the first chunk of a tensor alone. */
export type Place = [index: number, check: number, length: number, array?: string, type?: StoredType];

/** All figures of a page share their server. Browsers open no more connections to one. */
const requests = new Requests(6, 64);

const OTHER_VERSION = "or it belongs to another version of this figure; then load the page again";

/** The blocks of one tensor. */
export function httpBlocks(tensor: Tensor, places: Place[]): Block[] {
  const [, , , array = "", type = "uint16"] = places[0] ?? [];
  const zeros = ".0".repeat(tensor.shape.slice(-2).length);
  return places.map(([index, check, length], chunk) => {
    let failed = false;
    return {
      far: true,
      bytes: (signal) =>
        requests.run(async () => {
          try {
            // The checksum is part of the address, so that no cache gives the file of an earlier figure.
            const name = `${array}/c.${index}${zeros}?${check.toString(16)}`;
            const packed = await download(name, length, {
              cache: failed ? "reload" : "default",
              signal: signal ?? null,
            });
            return planesOf(await unpacked(packed, check), type, tensor, chunk);
          } catch (error) {
            failed = !signal?.aborted;
            throw error;
          }
        }, signal),
    };
  });
}

/** A file beside the page. Throws `Unreached` if it is not there or has another length. */
async function download(name: string, length: number, options: RequestInit): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let size = 0;
  try {
    const response = await fetch(name, options);
    if (!response.ok)
      throw new Unreached(
        response.status === 404
          ? "its file is not on the server. Upload the whole folder that save_site has written"
          : `the server answered ${response.status}`,
      );
    const reader = response.body?.getReader();
    for (;;) {
      const { value } = (await reader?.read()) ?? {};
      if (!value) break;
      if (size + value.length <= length) bytes.set(value, size);
      size += value.length;
      if (size > length) void reader?.cancel().catch(() => undefined);
    }
  } catch (error) {
    throw error instanceof Unreached ? error : new Unreached(noConnection());
  }
  if (size !== length)
    throw new Unreached(
      `its file has ${size < length ? "fewer" : "more"} bytes than it should: it was cut off, ${OTHER_VERSION}`,
    );
  return bytes;
}

/** What a gzip stream holds, if it has the right checksum. */
async function unpacked(packed: Uint8Array, check: number): Promise<Uint8Array> {
  const [a = 0, b = 0, c = 0, d = 0] = packed.subarray(-8);
  if (((d << 24) | (c << 16) | (b << 8) | a) >>> 0 !== check)
    throw new Unreached(`its file holds other data: files were exchanged, ${OTHER_VERSION}`);
  try {
    return await inflate(packed, "gzip"); // which compares the checksum with the data
  } catch {
    throw new Unreached("its file is damaged");
  }
}

function noConnection(): string {
  if (location.protocol !== "file:") return "the server does not answer, or the connection broke";
  const folder = decodeURIComponent(location.pathname).replace(/\/[^/]*$/, "");
  return `a browser lets a page that is opened as a file read nothing beside it. Run: python -m circuitsvis serve "${folder}"`;
}
