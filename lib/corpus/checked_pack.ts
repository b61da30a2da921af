/** Packs on disk that can be made again: written whole, checked when read, and treated as absent when damaged. */
import { crc32 } from "node:zlib";
import { writeBytesAtomic } from "../base/artefacts.ts";
import { pack, type PackedArray, unpack, type Unpacked } from "../base/pack.ts";

/** Bytes before the pack: checksum and version, so that the pack starts at a multiple of 8. */
const PREFIX = 8;

/** Writes a pack behind its checksum, atomically. */
export function writeCheckedPack(
  file: string,
  version: number,
  head: unknown,
  arrays: Readonly<Record<string, PackedArray>>,
): void {
  const body = pack(head, arrays), bytes = new Uint8Array(PREFIX + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, crc32(body), true);
  view.setUint32(4, version, true);
  bytes.set(body, PREFIX);
  writeBytesAtomic(file, bytes);
}

/** Reads a pack of this version; undefined when there is none, or it is of another version, cut off or damaged. */
export function readCheckedPack(file: string, version: number): Unpacked | undefined {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  if (bytes.length < PREFIX) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset), body = bytes.subarray(PREFIX);
  if (view.getUint32(4, true) !== version || view.getUint32(0, true) !== crc32(body)) return undefined;
  return unpack(body);
}
