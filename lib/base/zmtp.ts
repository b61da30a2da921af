/**
 * The part of ZMTP 3.0 (the ZeroMQ wire protocol, NULL security) that a client on this machine needs: one DEALER or SUB connection.
 *
 * Own code because the `zeromq` package, which loads under Deno 2.9.6, never hears its peer: Deno's `uv_poll_start` stops
 * after its first callback (denoland/deno#36317).
 * Source: https://rfc.zeromq.org/spec/23/
 */

const MORE = 1, LONG = 2, COMMAND = 4;
const GREETING_BYTES = 64;
/** A frame longer than this is refused: a broken stream announces absurd lengths. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;
const encoder = new TextEncoder();

/** The other end closed the connection, or spoke something that is not ZMTP. */
export class ZmtpError extends Error {
  override name = "ZmtpError";
}

/** One connection to a ROUTER (as "DEALER") or a PUB socket (as "SUB", subscribed to everything). */
export class ZmtpSocket {
  #pending: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #sending: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(private readonly connection: Deno.TcpConn) {}

  /**
   * Connects, shakes hands and, as SUB, subscribes.
   *
   * @param identity the name a ROUTER answers to; unique among its clients
   * @throws {Deno.errors.ConnectionRefused} when nothing listens on the port
   * @throws {ZmtpError} when the peer does not speak ZMTP 3
   */
  static async connect(port: number, type: "DEALER" | "SUB", identity: string): Promise<ZmtpSocket> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const socket = new ZmtpSocket(connection);
    try {
      connection.setNoDelay(true);
      await socket.#write(greeting());
      const answer = await socket.#take(GREETING_BYTES);
      if (answer[0] !== 0xff || answer[9] !== 0x7f || answer[10]! < 3) {
        throw new ZmtpError(`Cannot connect to port ${port}: its greeting is not that of ZMTP 3`);
      }
      const properties = [property("Socket-Type", type)];
      if (type === "DEALER") properties.push(property("Identity", identity));
      await socket.#write(
        frame(concat([new Uint8Array([5]), encoder.encode("READY"), ...properties]), COMMAND),
      );
      await socket.#frame();
      if (type === "SUB") await socket.#write(frame(new Uint8Array([1]), 0));
      return socket;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** Sends one message of one or more frames. Messages leave whole and in the order of the calls. */
  send(frames: readonly Uint8Array[]): Promise<void> {
    const bytes = concat(frames.map((data, i) => frame(data, i < frames.length - 1 ? MORE : 0)));
    const sent = this.#sending.then(() => this.#write(bytes));
    this.#sending = sent.catch(() => {});
    return sent;
  }

  /** The next message. @throws {ZmtpError} when the connection ends or its framing makes no sense */
  async receive(): Promise<Uint8Array[]> {
    const frames: Uint8Array[] = [];
    while (true) {
      const { data, flags } = await this.#frame();
      if (flags & COMMAND) continue;
      frames.push(data);
      if (!(flags & MORE)) return frames;
    }
  }

  /** Ends the connection; a pending {@link receive} rejects. Can be called again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.connection.close();
  }

  /** Whether {@link close} was called at this end. */
  get closed(): boolean {
    return this.#closed;
  }

  async #frame(): Promise<{ data: Uint8Array; flags: number }> {
    const flags = (await this.#take(1))[0]!;
    if (flags > 7) throw new ZmtpError(`Broken ZMTP stream: a frame begins with flags ${flags}`);
    const length = flags & LONG
      ? Number(view(await this.#take(8)).getBigUint64(0))
      : (await this.#take(1))[0]!;
    if (length > MAX_FRAME_BYTES) {
      throw new ZmtpError(`Broken ZMTP stream: a frame announces ${length} bytes`);
    }
    return { data: await this.#take(length), flags };
  }

  async #take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#pending.length < length) {
      const parts = [this.#pending];
      for (let have = this.#pending.length; have < length;) {
        const chunk = new Uint8Array(Math.max(1 << 16, Math.min(length - have, 1 << 22)));
        const count = await this.connection.read(chunk);
        if (count === null) throw new ZmtpError("The peer closed the connection");
        parts.push(chunk.subarray(0, count));
        have += count;
      }
      this.#pending = concat(parts);
    }
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return taken;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) done += await this.connection.write(bytes.subarray(done));
  }
}

function greeting(): Uint8Array {
  const bytes = new Uint8Array(GREETING_BYTES);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.set(encoder.encode("NULL"), 12);
  return bytes;
}

function property(name: string, value: string): Uint8Array {
  const key = encoder.encode(name), data = encoder.encode(value);
  const length = new Uint8Array(4);
  view(length).setUint32(0, data.length);
  return concat([new Uint8Array([key.length]), key, length, data]);
}

function frame(data: Uint8Array, flags: number): Uint8Array {
  if (data.length < 256) return concat([new Uint8Array([flags, data.length]), data]);
  const head = new Uint8Array(9);
  head[0] = flags | LONG;
  view(head).setBigUint64(1, BigInt(data.length));
  return concat([head, data]);
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
