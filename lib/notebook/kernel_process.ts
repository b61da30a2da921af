/** A running `deno jupyter --kernel` process: its connection file, its ports, its last words, its end. */
import { join } from "node:path";

/** Where and how a kernel process is started. */
export interface KernelProcessOptions {
  /** Working directory of the kernel; the deno.json above it is the one notebooks see. */
  cwd: string;
  /** The deno binary. Default: the one that runs this program. */
  deno?: string;
  /** Added to the inherited environment. */
  env?: Readonly<Record<string, string>>;
}

/** What a client needs to talk to a kernel. */
export interface Connection {
  readonly key: string;
  /** Loopback ports. */
  readonly shell: number;
  readonly control: number;
  readonly stdin: number;
  readonly iopub: number;
}

/** Kernel processes that are alive, so that an interrupted program can end them. */
const alive = new Set<KernelProcess>();

/** Ends every kernel this program started. For signal handlers: it returns at once. */
export function killAllKernels(): void {
  for (const process of alive) process.abandon();
}

/** Number of kernels of this program that are alive. */
export function kernelsAlive(): number {
  return alive.size;
}

const NOISE = /^.*"deno jupyter" is unstable.*\n?/gm;
const LAST_WORDS = 4000;

/** One kernel process. Its stdout and stderr are kept (the last 4,000 characters) and never printed. */
export class KernelProcess {
  /** Resolves with the exit code. Never rejects. */
  readonly exited: Promise<number>;
  #words = "";
  #readers: Promise<void>[];

  private constructor(
    readonly connection: Connection,
    private readonly child: Deno.ChildProcess,
    private readonly folder: string,
  ) {
    alive.add(this);
    this.#readers = [this.#keep(child.stdout), this.#keep(child.stderr)];
    this.exited = child.status.then(async (status) => {
      await Promise.all(this.#readers);
      alive.delete(this);
      return status.code;
    });
  }

  /** Starts a process on five free loopback ports. It is not yet known to listen. */
  static start(options: KernelProcessOptions): KernelProcess {
    const listeners = Array.from({ length: 5 }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
    const [shell, control, stdin, iopub, heartbeat] = listeners.map((l) => (l.addr as Deno.NetAddr).port) as [
      number,
      number,
      number,
      number,
      number,
    ];
    for (const listener of listeners) listener.close();
    const key = crypto.randomUUID();
    const folder = Deno.makeTempDirSync({ prefix: "ripmap-lab-kernel-" });
    const file = join(folder, "connection.json");
    Deno.writeTextFileSync(
      file,
      JSON.stringify({
        transport: "tcp",
        ip: "127.0.0.1",
        signature_scheme: "hmac-sha256",
        kernel_name: "deno",
        key,
        shell_port: shell,
        control_port: control,
        stdin_port: stdin,
        iopub_port: iopub,
        hb_port: heartbeat,
      }),
    );
    const child = new Deno.Command(options.deno ?? Deno.execPath(), {
      args: ["jupyter", "--kernel", "--conn", file],
      cwd: options.cwd,
      ...(options.env ? { env: { ...options.env } } : {}),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new KernelProcess({ key, shell, control, stdin, iopub }, child, folder);
  }

  /** The end of what the process itself printed: where a panic, an out-of-memory report or `Deno.test` writes. */
  get lastWords(): string {
    return this.#words.trim();
  }

  /** Ends the process at once. Harmless when it is gone. */
  kill(): void {
    try {
      this.child.kill("SIGKILL");
    } catch { /* it has already ended */ }
  }

  /** Ends the process and removes its connection file at once, for a program that is about to end itself. */
  abandon(): void {
    this.kill();
    try {
      Deno.removeSync(this.folder, { recursive: true });
    } catch { /* removed already */ }
  }

  /** Waits for the end and removes the connection file. */
  async dispose(): Promise<void> {
    await this.exited;
    await Deno.remove(this.folder, { recursive: true }).catch(() => {});
  }

  async #keep(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of stream) {
        this.#words = (this.#words + decoder.decode(chunk, { stream: true }).replace(NOISE, ""))
          .slice(-LAST_WORDS);
      }
    } catch { /* the pipe broke with the process */ }
  }
}
