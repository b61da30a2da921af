/** Pixels as a PNG data URL, without native code. Source: the PNG specification, third edition (W3C 2025). */
import { crc32, deflateSync } from "node:zlib";

/**
 * Encodes 8-bit RGBA pixels, rows from the top.
 *
 * @throws {RangeError} unless there are width × height × 4 bytes
 */
export function pngDataUrl(width: number, height: number, rgba: Uint8ClampedArray): string {
  if (rgba.length !== width * height * 4) {
    throw new RangeError(
      `Cannot encode ${rgba.length} bytes as a PNG of ${width}×${height}: ${width * height * 4} are wanted`,
    );
  }
  const header = new Uint8Array(13);
  const fields = new DataView(header.buffer);
  fields.setUint32(0, width);
  fields.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  // Every row begins with its filter: 0, none.
  const rows = new Uint8Array(height * (width * 4 + 1));
  for (let y = 0; y < height; y++) {
    rows.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1);
  }
  const parts = [
    new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array()),
  ];
  const bytes = new Uint8Array(parts.flatMap((part) => [...part]));
  return `data:image/png;base64,${bytes.toBase64()}`;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const fields = new DataView(bytes.buffer);
  fields.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  fields.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
