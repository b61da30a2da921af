/**
 * A client of the Deno Jupyter kernel: start, execute, interrupt, stop. No Python.
 *
 * The kernel (Deno 2.8.2 and later) publishes outputs from a queue that "idle" does not wait for, and stamps each with
 * whichever request is current when it leaves. {@link Kernel.execute} therefore follows every cell with a silent request
 * that puts a marker into the same queue: what arrives before the marker is the cell's, all of it, whatever the timing. That a
 * large output is not cut in two by "idle" takes {@link Kernel.settle}.
 */
import { KernelProcess, type KernelProcessOptions } from "./kernel_process.ts";
import { Codec, type Message } from "./messages.ts";
import { ZmtpError, ZmtpSocket } from "../base/zmtp.ts";

/** The kernel did not answer after it was started. A caller catches it to start once more. */
export class KernelStartError extends Error {
  override name = "KernelStartError";
}

/** Options of {@link Kernel.start}. */
export interface KernelOptions extends KernelProcessOptions {
  /** How long the kernel may take to answer its first request. Default 60,000. */
  startTimeoutMs?: number;
}

/** How an execution ended. "broken": the kernel lives, but its output stream lost the end of the cell. */
export type ExecutionStatus = "ok" | "error" | "timeout" | "dead" | "broken";

/** What {@link Kernel.execute} found out beside the outputs themselves. */
export interface Execution {
  readonly status: ExecutionStatus;
  /** The number in the cell's brackets, null when the kernel never answered. */
  readonly count: number | null;
  /** Name and text of the error in the reply, empty for other ends. */
  readonly errorName: string;
  readonly errorText: string;
}

/** Options of {@link Kernel.execute}. */
export interface ExecuteOptions {
  /** How long the cell may run. Default: for ever. */
  timeoutMs?: number;
  /** How long its last outputs may take to arrive after the reply. Default 30,000. */
  drainTimeoutMs?: number;
}

const MARKER = "ripmap_lab_marker";
const INTERRUPT_GRACE_MS = 3000;
let sessions = 0;

/** A kernel that answers. Use with `await using`, or call {@link Kernel.stop}. */
export class Kernel {
  readonly #codec: Codec;
  readonly #replies = new Map<string, (reply: Message) => void>();
  readonly #listeners = new Map<string, (message: Message) => void>();
  readonly #lost = Promise.withResolvers<void>();
  #dead = false;

  private constructor(
    private readonly process: KernelProcess,
    private readonly sockets: Readonly<Record<"shell" | "control" | "iopub", ZmtpSocket>>,
  ) {
    this.#codec = new Codec(process.connection.key, `${Deno.pid}-${++sessions}`);
    process.exited.then(() => this.#dead = true);
    this.#pump(sockets.iopub, this.#listeners);
    this.#pump(sockets.shell, this.#replies, true);
    this.#pump(sockets.control, this.#replies, true);
  }

  /**
   * Starts a kernel and waits until it answers on both its request and its output socket.
   *
   * @throws {KernelStartError} when it exits or stays silent, with the last lines it printed
   */
  static async start(options: KernelOptions): Promise<Kernel> {
    const process = KernelProcess.start(options);
    const limitMs = options.startTimeoutMs ?? 60_000;
    const abort = new AbortController();
    const ended = process.exited.then((code) => `it exited with code ${code}`);
    const late = `it did not answer within ${limitMs / 1000} s`;
    const began = await withDeadline(Promise.race([connect(process, abort.signal), ended]), limitMs, late);
    if (began instanceof Kernel) return began;
    abort.abort();
    process.kill();
    await process.dispose();
    const words = process.lastWords;
    throw new KernelStartError(
      `The Deno kernel did not start: ${began}${words ? `\n${words}\n` : ". "}` +
        `Check that "deno jupyter --kernel" works and that no deno.json above ${options.cwd} is invalid`,
    );
  }

  /** Opens the sockets of a process that listens already. @throws {Deno.errors.ConnectionRefused} when it does not yet */
  static async attach(process: KernelProcess): Promise<Kernel> {
    const { shell, control, iopub } = process.connection;
    const name = `${Deno.pid}-${++sessions}`;
    const first = await ZmtpSocket.connect(shell, "DEALER", name);
    const kernel = new Kernel(process, {
      shell: first,
      control: await ZmtpSocket.connect(control, "DEALER", name),
      iopub: await ZmtpSocket.connect(iopub, "SUB", name),
    });
    await kernel.#handshake();
    return kernel;
  }

  /** The exit code of the kernel's process, once it has ended. */
  get exited(): Promise<number> {
    return this.process.exited;
  }

  /** The end of what the process itself printed. */
  get lastWords(): string {
    return this.process.lastWords;
  }

  /**
   * Runs code and hands every message it published to `onOutput`, in order, before it resolves.
   *
   * Status messages and the echo of the input are left out. After "timeout" the kernel may be wedged (an interrupt does not
   * end a pending await): stop it. Never rejects for what the code does.
   */
  async execute(
    code: string,
    onOutput: (message: Message) => void,
    options: ExecuteOptions = {},
  ): Promise<Execution> {
    const reply = this.#execute(code, false, onOutput);
    const gone = this.process.exited.then(() => "dead" as const);
    let first = await withDeadline(Promise.race([reply, gone]), options.timeoutMs, "timeout" as const);
    const late = first === "timeout";
    if (late) {
      await withDeadline(Promise.race([this.interrupt(), gone]), INTERRUPT_GRACE_MS, undefined);
      first = await withDeadline(Promise.race([reply, gone]), INTERRUPT_GRACE_MS, "timeout" as const);
    }
    if (typeof first === "string") return execution(first);
    const drained = await this.#drain(onOutput, gone, options.drainTimeoutMs ?? 30_000);
    const { status, execution_count, ename = "", evalue = "" } = first.content;
    const end = late ? "timeout" : drained !== "ok" ? drained : status === "ok" ? "ok" : "error";
    return execution(end, Number(execution_count), String(ename), String(evalue));
  }

  /**
   * Installs `settle()` of report/settle.ts in the kernel, uncounted and unseen by the cells; a set-up cell that calls it again
   * changes nothing. Without it "idle" can be sent in the middle of an output that the reader is slow to take (some hundred
   * kilobytes where socket buffers are small), and everything after that is lost.
   *
   * @throws {KernelStartError} when the kernel cannot load it, with its words
   */
  async settle(): Promise<void> {
    const module = JSON.stringify(import.meta.resolve("../report/settle.ts"));
    const reply = await Promise.race([
      this.#execute(`(await import(${module})).settle()`, true, () => {}),
      this.process.exited.then(() => undefined),
    ]);
    if (reply?.content["status"] === "error") {
      const { ename, evalue } = reply.content;
      throw new KernelStartError(
        `The Deno kernel cannot be settled: ${ename}: ${evalue}. Run it with permission to read the kit`,
      );
    }
  }

  /** Asks the kernel to stop what it runs (message mode, as the patched kernelspec does). Resolves with its answer. */
  async interrupt(): Promise<void> {
    await this.#request(this.sockets.control, "interrupt_request", {});
  }

  /** Ends the kernel: politely, then by force after a second. Can be called again. */
  async stop(): Promise<void> {
    if (!this.#dead) {
      const polite = this.#request(this.sockets.control, "shutdown_request", { restart: false }).catch(
        () => {},
      );
      await withDeadline(Promise.race([polite, this.process.exited]), 1000, undefined);
      await withDeadline(this.process.exited, 200, undefined);
      this.process.kill();
    }
    for (const socket of Object.values(this.sockets)) socket.close();
    await this.process.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** A subscription counts only once a message came through it, so requests are repeated until one did. */
  async #handshake(): Promise<void> {
    for (let heard = false; !heard;) {
      const { id, frames } = this.#codec.encode("kernel_info_request", {});
      this.#listeners.set(id, () => heard = true);
      const reply = this.#reply(id);
      await this.sockets.shell.send(frames);
      await reply;
      for (let i = 0; i < 10 && !heard; i++) await new Promise((resolve) => setTimeout(resolve, 5));
      this.#listeners.delete(id);
    }
  }

  #execute(code: string, silent: boolean, onMessage: (message: Message) => void): Promise<Message> {
    return this.#request(this.sockets.shell, "execute_request", {
      code,
      silent,
      store_history: !silent,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    }, (message) => {
      if (message.type !== "status" && message.type !== "execute_input") onMessage(message);
    });
  }

  async #drain(
    onOutput: (message: Message) => void,
    gone: Promise<"dead">,
    timeoutMs: number,
  ): Promise<"ok" | "dead" | "broken"> {
    const { promise: seen, resolve } = Promise.withResolvers<"ok">();
    const answered = this.#execute(
      `Deno.jupyter.broadcast(${JSON.stringify(MARKER)}, {})`,
      true,
      (message) => message.type === MARKER ? resolve("ok") : onOutput(message),
    );
    const done = Promise.all([seen, answered]).then(() => "ok" as const);
    const broken = this.#lost.promise.then(() => withDeadline(gone, INTERRUPT_GRACE_MS, "broken" as const));
    return await withDeadline(Promise.race([done, gone, broken]), timeoutMs, "broken" as const);
  }

  async #request(
    socket: ZmtpSocket,
    type: string,
    content: object,
    onMessage?: (message: Message) => void,
  ): Promise<Message> {
    const { id, frames } = this.#codec.encode(type, content);
    if (onMessage) this.#listeners.set(id, onMessage);
    const reply = this.#reply(id);
    await socket.send(frames);
    return await reply;
  }

  #reply(id: string): Promise<Message> {
    return new Promise((resolve) => this.#replies.set(id, resolve));
  }

  async #pump(socket: ZmtpSocket, handlers: Map<string, (m: Message) => void>, once = false) {
    try {
      while (true) {
        const message = this.#codec.decode(await socket.receive());
        const handler = handlers.get(message.parentId);
        if (once) handlers.delete(message.parentId);
        handler?.(message);
      }
    } catch (error) {
      this.#lost.resolve();
      // Closed here, ended with its process, or broken by an oversized output: execute() reports the missing marker.
      if (!(socket.closed || error instanceof ZmtpError || error instanceof SyntaxError || isGone(error))) {
        throw error;
      }
    }
  }
}

/** Tries to attach until the process listens. Ends when `signal` says so. */
async function connect(process: KernelProcess, signal: AbortSignal): Promise<Kernel> {
  while (true) {
    try {
      return await Kernel.attach(process);
    } catch (error) {
      if (signal.aborted || !isGone(error) && !(error instanceof ZmtpError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** A connection that is refused or was cut: the process is not there yet, or no longer. */
const isGone = (error: unknown) =>
  error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.ConnectionReset ||
  error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionAborted;

const execution = (status: ExecutionStatus, count: number | null = null, errorName = "", errorText = "") =>
  ({ status, count, errorName, errorText }) satisfies Execution;

/** `work`, or `otherwise` when it takes longer than `ms` (undefined: no limit). The timer never outlives the call. */
async function withDeadline<T, U>(work: Promise<T>, ms: number | undefined, otherwise: U): Promise<T | U> {
  if (ms === undefined) return await work;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<U>((resolve) => timer = setTimeout(() => resolve(otherwise), ms));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
