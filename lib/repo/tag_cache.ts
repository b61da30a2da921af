/**
 * The tags of one repository on disk: one append-only file of checked segments.
 *
 * A frame is 4 bytes of mark, the payload's length as a little-endian 32-bit integer, 8 bytes of its SHA-256, and the
 * payload. Everything in it can be made again, so damage costs time and never an answer: a segment that fails its
 * check is left out, and a tail cut off by a crash is overwritten by the next append. Appending holds the file's lock,
 * so processes may share a cache.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { EXTRACTOR_VERSION } from "./blob_tags.ts";

const MARK = new TextEncoder().encode("RMT1");
const HEADER_BYTES = 16;

/** The segments a cache file holds and what could not be used. */
export interface CachedSegments {
  readonly segments: Uint8Array[];
  /** Complete frames that failed their check */
  readonly damaged: number;
  /** Bytes after the last frame: a write cut off, or one still going on */
  readonly tornBytes: number;
}

/** One repository's cache file. It is created by the first append. */
export class TagCache {
  /** Path of the file; the extractor's version is part of its name. */
  readonly file: string;

  constructor(readonly dir: string) {
    this.file = join(dir, `tags-${EXTRACTOR_VERSION}.pack`);
  }

  /** Reads every usable segment. A missing file holds none. */
  load(): CachedSegments {
    const bytes = this.#bytes();
    const segments: Uint8Array[] = [];
    let damaged = 0, end = 0;
    for (const { from, to } of frames(bytes)) {
      const payload = bytes.subarray(from + HEADER_BYTES, to);
      if (equal(bytes.subarray(from + 8, from + HEADER_BYTES), checksum(payload))) segments.push(payload);
      else damaged++;
      end = to;
    }
    return { segments, damaged, tornBytes: bytes.length - end };
  }

  /** Appends segments behind the last whole frame. Returns when the system has taken them. */
  append(segments: readonly Uint8Array[]): void {
    if (segments.length === 0) return;
    Deno.mkdirSync(this.dir, { recursive: true });
    using handle = Deno.openSync(this.file, { read: true, write: true, create: true });
    handle.lockSync(true);
    try {
      const end = lastFrameEnd(handle);
      handle.truncateSync(end);
      handle.seekSync(end, Deno.SeekMode.Start);
      const framed = segments.map(frame);
      const all = new Uint8Array(framed.reduce((sum, bytes) => sum + bytes.length, 0));
      framed.reduce((at, bytes) => (all.set(bytes, at), at + bytes.length), 0);
      for (let done = 0; done < all.length;) done += handle.writeSync(all.subarray(done));
    } finally {
      handle.unlockSync();
    }
  }

  #bytes(): Uint8Array {
    try {
      return Deno.readFileSync(this.file);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return new Uint8Array();
      throw error;
    }
  }
}

function frame(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  bytes.set(MARK);
  new DataView(bytes.buffer).setUint32(4, payload.length, true);
  bytes.set(checksum(payload), 8);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

function* frames(bytes: Uint8Array): Generator<{ from: number; to: number }> {
  for (let from = 0; from + HEADER_BYTES <= bytes.length;) {
    const length = payloadLength(bytes.subarray(from, from + HEADER_BYTES));
    if (length === undefined || from + HEADER_BYTES + length > bytes.length) return;
    const to = from + HEADER_BYTES + length;
    yield { from, to };
    from = to;
  }
}

/** Walks the headers alone, so that appending to a large file reads little of it. */
function lastFrameEnd(handle: Deno.FsFile): number {
  const size = handle.statSync().size;
  const header = new Uint8Array(HEADER_BYTES);
  let end = 0;
  while (end + HEADER_BYTES <= size) {
    handle.seekSync(end, Deno.SeekMode.Start);
    for (let have = 0; have < HEADER_BYTES;) have += handle.readSync(header.subarray(have))!;
    const length = payloadLength(header);
    if (length === undefined || end + HEADER_BYTES + length > size) break;
    end += HEADER_BYTES + length;
  }
  return end;
}

function payloadLength(header: Uint8Array): number | undefined {
  if (!equal(header.subarray(0, 4), MARK)) return undefined;
  return new DataView(header.buffer, header.byteOffset).getUint32(4, true);
}

function checksum(payload: Uint8Array): Uint8Array {
  return createHash("sha256").update(payload).digest().subarray(0, 8);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
