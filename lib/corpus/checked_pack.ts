/** Packs on disk that can be made again: written whole, checked when read, and treated as absent when damaged. */
import { writeBytesAtomic } from "../base/artefacts.ts";
import { pack, type PackedArray, unpack, type Unpacked } from "../base/pack.ts";

/** Bytes before the pack: its SHA-256 and a version, filled up so that the pack starts at a multiple of 8. */
const DIGEST = 32, PREFIX = 40;

/** A pack as read, with its digest: packs made from this one name it by that. */
export interface CheckedPack extends Unpacked {
  readonly digest: Uint8Array;
}

/** Writes a pack behind its digest, atomically. @returns the digest */
export async function writeCheckedPack(
  file: string,
  version: number,
  head: unknown,
  arrays: Readonly<Record<string, PackedArray>>,
): Promise<Uint8Array> {
  const body = pack(head, arrays), bytes = new Uint8Array(PREFIX + body.length);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body as BufferSource));
  bytes.set(digest);
  new DataView(bytes.buffer).setUint32(DIGEST, version, true);
  bytes.set(body, PREFIX);
  writeBytesAtomic(file, bytes);
  return digest;
}

/** Reads a pack of this version; undefined when there is none, or it is of another version, cut off or damaged. */
export async function readCheckedPack(file: string, version: number): Promise<CheckedPack | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  if (bytes.length < PREFIX) return undefined;
  const body = bytes.subarray(PREFIX), digest = bytes.subarray(0, DIGEST);
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(DIGEST, true) !== version) return undefined;
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", body as BufferSource));
  if (found.some((byte, i) => byte !== digest[i])) return undefined;
  return { ...unpack(body), digest };
}
