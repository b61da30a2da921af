/** Content hashes where waiting is no trouble: the engine's own digest, which has nothing to load. */

/** Bytes as lower-case hexadecimal digits. */
export function hexadecimal(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** SHA-256 of bytes or UTF-8 text, as `sha256` of canonical.ts gives it: 64 lower-case hexadecimal digits. */
export async function digest(data: string | Uint8Array): Promise<string> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return hexadecimal(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
}
