/** Single values as text: exact where a number is a count, honest where it is a measurement. */

/** A value as a table shows it. */
export interface CellText {
  readonly text: string;
  /** Numbers stand at the right. */
  readonly numeric: boolean;
  /** null, undefined: shown pale. */
  readonly missing: boolean;
}

/** Longer text is cut, and says so. */
export const MAX_CELL_CHARACTERS = 400;

/**
 * Writes one value.
 *
 * Integers and bigints are exact. Other numbers have `digits` decimals; where that would show 0 or lose a magnitude
 * (below 10^-digits, from 10^15) they are written as 1.23e-7. NaN and infinities are named. Dates are ISO 8601, bytes a count,
 * objects JSON with bigints as digits.
 */
export function cellText(value: unknown, digits = 4): CellText {
  if (value === null || value === undefined) return { text: "null", numeric: false, missing: true };
  if (typeof value === "number") return { text: numberText(value, digits), numeric: true, missing: false };
  if (typeof value === "bigint") return { text: value.toString(), numeric: true, missing: false };
  return { text: cut(plainText(value)), numeric: false, missing: false };
}

function plainText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (
    !isPlain(value) && typeof value.toString === "function" && value.toString !== Object.prototype.toString
  ) {
    return String(value);
  }
  try {
    return JSON.stringify(value, (_key, inner) => typeof inner === "bigint" ? exactJson(inner) : inner) ??
      String(value);
  } catch {
    return Deno.inspect(value, { depth: 2, colors: false });
  }
}

/** A bigint as a JSON number with all its digits (ES2025 `JSON.rawJSON`, which TypeScript does not know yet). */
const exactJson = (value: bigint) =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString());

const isPlain = (value: object) =>
  Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** A number alone, as {@link cellText} writes it. */
export function numberText(value: number, digits = 4): string {
  if (!Number.isFinite(value) || Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const size = Math.abs(value);
  if (size >= 1e15 || size < 10 ** -digits) return value.toExponential(2);
  return value.toFixed(digits);
}

function cut(text: string): string {
  if (text.length <= MAX_CELL_CHARACTERS) return text;
  return `${text.slice(0, MAX_CELL_CHARACTERS)}… (${text.length - MAX_CELL_CHARACTERS} more characters)`;
}

/** An integer with thin groups of thousands, for prose: 12345 is "12,345". */
export function grouped(count: number | bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A count with its noun: "1 row", "1,200 rows". @param plural where an "s" does not make it */
export function counted(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

/** Name of a value's type, for the head of a column. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "string") return "text";
  if (typeof value === "object") {
    return value instanceof Date ? "date" : value instanceof Uint8Array ? "bytes" : "json";
  }
  return typeof value;
}
