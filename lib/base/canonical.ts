/** Canonical JSON and content hashes: equal values have equal bytes, whatever order their keys were written in. */

/**
 * Writes a value as JSON with object keys sorted by code unit at every depth and no white space.
 *
 * `undefined` members are left out, as `JSON.stringify` does. -0 is written as 0.
 * @throws {TypeError} for NaN, infinities, bigint, functions and cyclic values, with the path of the culprit
 */
export function canonicalJson(value: unknown): string {
  return write(value, "$", new Set());
}

function write(value: unknown, path: string, above: Set<object>): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) {
      throw new TypeError(`Cannot write ${path} as JSON: it is ${value}, a finite number is wanted`);
    }
    return JSON.stringify(value === 0 ? 0 : value);
  }
  if (typeof value !== "object") {
    throw new TypeError(`Cannot write ${path} as JSON: it is a ${typeof value}`);
  }
  if (above.has(value)) throw new TypeError(`Cannot write ${path} as JSON: it contains itself`);
  above.add(value);
  let text: string;
  if (Array.isArray(value)) {
    text = "[" + value.map((item, i) =>
      item === undefined ? "null" : write(item, `${path}[${i}]`, above)
    ).join(",") + "]";
  } else {
    const record = value as Record<string, unknown>;
    const parts: string[] = [];
    for (const key of Object.keys(record).sort()) {
      if (record[key] !== undefined) {
        parts.push(JSON.stringify(key) + ":" + write(record[key], `${path}.${key}`, above));
      }
    }
    text = "{" + parts.join(",") + "}";
  }
  above.delete(value);
  return text;
}

type Crypto = typeof import("node:crypto");
let crypto: Crypto | undefined;

/** Loaded with the first hash: it takes longer than many a command that reads this file for its JSON alone. */
function loadCrypto(): Crypto {
  const { process } = globalThis as unknown as { process: { getBuiltinModule(id: "node:crypto"): Crypto } };
  return process.getBuiltinModule("node:crypto");
}

/** SHA-256 of bytes or UTF-8 text, as 64 lower-case hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return (crypto ??= loadCrypto()).createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of a value's canonical JSON. Two values with the same hash are the same record. */
export function contentHash(value: unknown): string {
  return sha256(canonicalJson(value));
}
