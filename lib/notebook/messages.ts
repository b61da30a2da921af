/** Jupyter wire messages (protocol 5.3): the frames that ZMTP carries, signed, written and read. */
import { createHmac } from "node:crypto";

/** One message from a kernel, as far as a runner reads it. */
export interface Message {
  /** "stream", "execute_result", "status", ... */
  readonly type: string;
  /** Id of the request this message answers, "" when it answers none. */
  readonly parentId: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** Bytes of the content as it came over the wire. */
  readonly bytes: number;
}

const DELIMITER = "<IDS|MSG>";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Signs and reads the messages of one client session. Ids are the session's name and a running number. */
export class Codec {
  #count = 0;

  /** @param key the shared secret of the connection file @param session a name no other client of the kernel uses */
  constructor(private readonly key: string, private readonly session: string) {}

  /** The frames of a request and the id by which its answers can be told. */
  encode(type: string, content: object): { id: string; frames: Uint8Array[] } {
    const id = `${this.session}-${++this.#count}`;
    const header = {
      msg_id: id,
      session: this.session,
      username: "ripmap-lab",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.3",
    };
    const parts = [header, {}, {}, content].map((part) => encoder.encode(JSON.stringify(part)));
    return { id, frames: [encoder.encode(DELIMITER), encoder.encode(this.#sign(parts)), ...parts] };
  }

  /**
   * Reads the frames of one message.
   *
   * @throws {SyntaxError} when the delimiter is missing, the signature is wrong or a part is not JSON: the stream is broken
   */
  decode(frames: readonly Uint8Array[]): Message {
    const at = frames.findIndex((f) => f.length === DELIMITER.length && decoder.decode(f) === DELIMITER);
    const [signature, ...parts] = frames.slice(at + 1, at + 6);
    if (at < 0 || signature === undefined || parts.length < 4) {
      throw new SyntaxError(`Cannot read a kernel message: ${frames.length} frames without "${DELIMITER}"`);
    }
    if (this.#sign(parts) !== decoder.decode(signature)) {
      throw new SyntaxError("Cannot read a kernel message: its signature does not match its frames");
    }
    const [header, parent, , content] = parts.map((part) => JSON.parse(decoder.decode(part)));
    return {
      type: String(header.msg_type),
      parentId: String(parent?.msg_id ?? ""),
      content: content ?? {},
      bytes: parts[3]?.length ?? 0,
    };
  }

  #sign(parts: readonly Uint8Array[]): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}
