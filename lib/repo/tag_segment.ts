/**
 * Tags of many blobs as compact bytes: one string table and records of small integers.
 *
 * A segment stands for itself, so segments may be appended, dropped and shared between threads. Layout, all integers
 * LEB128: table (string count, UTF-16 lengths, UTF-8 byte length, bytes), record count, then each record with its byte
 * length in front. Ids and lines are written as zigzag differences to the one before: versions of one file repeat each
 * other's order, so most cost one byte.
 */
import { Buffer } from "node:buffer";
import { type BlobTags, type Counted, type Definition, PARSE_STATUSES } from "./blob_tags.ts";

/** A blob's tags under their name: `key` says which grammars and versions read it. */
export interface TagRecord {
  readonly sha: string;
  readonly key: string;
  readonly tags: BlobTags;
}

/** Where a record lies in its segment; what is needed to find it without decoding it. */
export interface RecordEntry {
  readonly sha: string;
  readonly key: string;
  readonly offset: number;
}

/** Collects records and turns them into a segment's bytes. */
export class SegmentWriter {
  #strings = new Map<string, number>();
  #body = new ByteWriter();
  #records = 0;

  /** Adds one record. `sha` is hexadecimal. */
  add({ sha, key, tags }: TagRecord): void {
    const record = new ByteWriter();
    const hash = Buffer.from(sha, "hex");
    record.unsigned(hash.length);
    record.bytes(hash);
    record.unsigned(this.#id(key));
    record.unsigned(PARSE_STATUSES.indexOf(tags.parsed));
    this.#list(record, tags.definitions, ([name]) => name, (previous, current) => {
      record.unsigned(this.#id(current[1]));
      record.signed(current[2] - (previous?.[2] ?? 0));
    });
    this.#list(record, tags.references, ([name]) => name, (_, [, count]) => record.unsigned(count));
    this.#list(record, tags.imports, (name) => name, () => {});
    this.#list(record, tags.identifiers, ([name]) => name, (_, [, count]) => record.unsigned(count));
    this.#body.unsigned(record.length);
    this.#body.bytes(record.done());
    this.#records++;
  }

  /** Number of records added. */
  get size(): number {
    return this.#records;
  }

  /** The segment. */
  done(): Uint8Array {
    const out = new ByteWriter();
    const strings = [...this.#strings.keys()];
    const text = new TextEncoder().encode(strings.join(""));
    out.unsigned(strings.length);
    for (const string of strings) out.unsigned(string.length);
    out.unsigned(text.length);
    out.bytes(text);
    out.unsigned(this.#records);
    out.bytes(this.#body.done());
    return out.done();
  }

  #id(text: string): number {
    let id = this.#strings.get(text);
    if (id === undefined) this.#strings.set(text, id = this.#strings.size);
    return id;
  }

  #list<T>(
    out: ByteWriter,
    items: readonly T[],
    nameOf: (item: T) => string,
    rest: (previous: T | undefined, item: T) => void,
  ): void {
    out.unsigned(items.length);
    let last = 0, previous: T | undefined;
    for (const item of items) {
      const id = this.#id(nameOf(item));
      out.signed(id - last);
      last = id;
      rest(previous, item);
      previous = item;
    }
  }
}

/** Reads a segment; strings are decoded once, records when asked for. */
export class SegmentReader {
  #bytes: Uint8Array;
  #strings: string[] | undefined;
  #recordsAt: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const at = new ByteReader(bytes, 0);
    for (let n = at.unsigned(); n > 0; n--) at.unsigned();
    this.#recordsAt = at.unsigned() + at.position;
  }

  /** Every record's name and place, in the order written. */
  *entries(): Generator<RecordEntry> {
    const strings = this.#table();
    const at = new ByteReader(this.#bytes, this.#recordsAt);
    for (let n = at.unsigned(); n > 0; n--) {
      const length = at.unsigned(), offset = at.position;
      const sha = at.hex(at.unsigned());
      yield { sha, key: strings[at.unsigned()]!, offset };
      at.position = offset + length;
    }
  }

  /** Decodes the record at an offset that {@link entries} gave. */
  tagsAt(offset: number): BlobTags {
    const strings = this.#table();
    const at = new ByteReader(this.#bytes, offset);
    at.skip(at.unsigned());
    at.unsigned();
    const parsed = PARSE_STATUSES[at.unsigned()]!;
    let line = 0;
    const definitions = list(at, strings, (name): Definition => {
      const kind = strings[at.unsigned()]!;
      return [name, kind, line += at.signed()];
    });
    const counted = (name: string): Counted => [name, at.unsigned()];
    return {
      parsed,
      definitions,
      references: list(at, strings, counted),
      imports: list(at, strings, (name) => name),
      identifiers: list(at, strings, counted),
    };
  }

  #table(): string[] {
    if (this.#strings !== undefined) return this.#strings;
    const at = new ByteReader(this.#bytes, 0);
    const lengths = Array.from({ length: at.unsigned() }, () => at.unsigned());
    const size = at.unsigned();
    const text = new TextDecoder("utf-8", { ignoreBOM: true })
      .decode(this.#bytes.subarray(at.position, at.position + size));
    let from = 0;
    return this.#strings = lengths.map((length) => text.slice(from, from += length));
  }
}

function list<T>(at: ByteReader, strings: readonly string[], rest: (name: string) => T): T[] {
  const items = new Array<T>(at.unsigned());
  let id = 0;
  for (let i = 0; i < items.length; i++) {
    id += at.signed();
    items[i] = rest(strings[id]!);
  }
  return items;
}

/** A growing buffer of bytes and LEB128 integers below 2^31. */
class ByteWriter {
  #buffer = new Uint8Array(1024);
  length = 0;

  unsigned(value: number): void {
    this.#reserve(5);
    while (value > 127) {
      this.#buffer[this.length++] = (value & 127) | 128;
      value >>>= 7;
    }
    this.#buffer[this.length++] = value;
  }

  signed(value: number): void {
    this.unsigned(((value << 1) ^ (value >> 31)) >>> 0);
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  done(): Uint8Array {
    return this.#buffer.slice(0, this.length);
  }

  #reserve(extra: number): void {
    if (this.length + extra <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.length + extra));
    larger.set(this.#buffer.subarray(0, this.length));
    this.#buffer = larger;
  }
}

/** Reads what {@link ByteWriter} wrote. */
class ByteReader {
  constructor(readonly bytes: Uint8Array, public position: number) {}

  unsigned(): number {
    let value = 0;
    for (let shift = 0;; shift += 7) {
      const byte = this.bytes[this.position++];
      if (byte === undefined) throw new RangeError("Cannot read a tag segment past its end: it is damaged");
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  signed(): number {
    const value = this.unsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  skip(length: number): void {
    this.position += length;
  }

  hex(length: number): string {
    const { buffer, byteOffset } = this.bytes;
    const text = Buffer.from(buffer as ArrayBuffer, byteOffset + this.position, length).toString("hex");
    this.position += length;
    return text;
  }
}
