/** Named typed arrays in one run of bytes: written once, read back as views without copying. */

/** The element types a pack may hold. */
export type PackedArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

const TYPES = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array } as const;
type TypeName = keyof typeof TYPES;

interface Entry {
  readonly name: string;
  readonly type: TypeName;
  readonly length: number;
}

const align = (n: number) => (n + 7) & ~7;

/**
 * Packs arrays behind a JSON header. Equal content gives equal bytes; arrays start at multiples of 8.
 *
 * Layout: u32 header length, header (UTF-8 JSON: `head` and the list of entries), then the arrays, little-endian as the machine's.
 */
export function pack(head: unknown, arrays: Readonly<Record<string, PackedArray>>): Uint8Array {
  const entries: Entry[] = Object.entries(arrays).map(([name, array]) => ({
    name,
    type: array.constructor.name as TypeName,
    length: array.length,
  }));
  const header = new TextEncoder().encode(JSON.stringify({ head, entries }));
  const start = align(4 + header.length);
  const size = entries.reduce((n, e) => n + align(e.length * TYPES[e.type].BYTES_PER_ELEMENT), start);
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  let at = start;
  for (const array of Object.values(arrays)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += align(array.byteLength);
  }
  return bytes;
}

/** What {@link unpack} gives back: the head and views on the bytes given. */
export interface Unpacked {
  readonly head: unknown;
  readonly arrays: Readonly<Record<string, PackedArray>>;
}

/** Reads a pack. The arrays share memory with `bytes`, which must start at a multiple of 8. @throws {SyntaxError} when it is cut off */
export function unpack(bytes: Uint8Array): Unpacked {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = bytes.byteLength >= 4 ? view.getUint32(0, true) : Infinity;
  if (4 + headerLength > bytes.byteLength) {
    throw new SyntaxError(`A pack of ${bytes.byteLength} bytes is cut off before its header ends`);
  }
  const { head, entries } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headerLength))) as {
    head: unknown;
    entries: Entry[];
  };
  let at = align(4 + headerLength);
  const arrays: Record<string, PackedArray> = {};
  for (const { name, type, length } of entries) {
    const Type = TYPES[type];
    const size = length * Type.BYTES_PER_ELEMENT;
    if (at + size > bytes.byteLength) {
      throw new SyntaxError(`A pack of ${bytes.byteLength} bytes is cut off inside ${name}`);
    }
    arrays[name] = new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset + at, length);
    at += align(size);
  }
  return { head, arrays };
}
