/** Running one child process to its end, whatever it does. */
import { spawn } from "node:child_process";
import { Buffer } from "node:buffer";
import { killGroup, watchChild } from "./process_group.ts";
import { LineReader } from "./lines.ts";
import { CALL_MARK, killStrays } from "./strays.ts";

/** What to run and how long to bear with it. */
export interface ProcessSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed */
  readonly stdin: string;
  /** Wall-clock limit. Default 300,000 */
  readonly deadlineMs?: number | undefined;
  /** Between SIGTERM and SIGKILL. Default 3,000 */
  readonly graceMs?: number | undefined;
  /** How long output may still come after the process has ended. Default 2,000 */
  readonly settleMs?: number | undefined;
  /** Default 16 MiB */
  readonly maxStdoutBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Sees each line of standard output as it comes; a returned text stops the process for that reason */
  readonly onLine?: (line: string) => string | undefined;
}

/** How a process ended, and what it said. */
export interface ProcessOutcome {
  /** "exit" by itself; "deadline", "flood", "stopped" (by `onLine`) or "cancelled" by us; "not_started" never ran */
  readonly end: "exit" | "deadline" | "flood" | "stopped" | "cancelled" | "not_started";
  readonly code: number | null;
  readonly signal: string | null;
  /** For "not_started": the system's name of the error, "ENOENT" say */
  readonly errno: string | null;
  /** For "stopped": what `onLine` returned */
  readonly reason: string | null;
  readonly stdout: string;
  /** The last 64 KiB */
  readonly stderr: string;
}

const STDERR_TAIL = 64 * 1024;

/**
 * Runs a process in its own group and resolves when it has ended; it never rejects.
 *
 * On the deadline, on too much output, on an objection of `onLine` and on cancellation the whole group gets SIGTERM and,
 * after the grace time, SIGKILL. Children that keep the output open do not hold us up beyond the settle time, and are
 * killed with the group, as are (on Linux) descendants that left it, so nothing outlives this call.
 */
export function runProcess(spec: ProcessSpec): Promise<ProcessOutcome> {
  const { promise, resolve } = Promise.withResolvers<ProcessOutcome>();
  let end: ProcessOutcome["end"] = "exit", reason: string | null = null;
  let stdout = "", stdoutBytes = 0, stderr = "";
  const timers: ReturnType<typeof setTimeout>[] = [];
  const after = (ms: number, task: () => void) => timers.push(setTimeout(task, ms));

  const mark = crypto.randomUUID(), watch = watchChild(mark, () => stop("cancelled"));
  let child;
  try {
    child = spawn(spec.file, [...spec.args], {
      cwd: spec.cwd,
      env: { ...spec.env, [CALL_MARK]: mark },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      shell: false,
    });
  } catch (cause) {
    watch.end();
    resolve(notStarted(cause));
    return promise;
  }
  const pid = child.pid;
  if (pid !== undefined) watch.started(pid);

  let settled = false, exited = false;
  const settle = (outcome: ProcessOutcome) => {
    if (settled) return;
    settled = true;
    timers.forEach(clearTimeout);
    spec.signal?.removeEventListener("abort", onAbort);
    if (pid !== undefined) {
      killGroup(pid, "SIGKILL");
      killStrays(mark);
    }
    watch.end();
    child.stdout.destroy();
    child.stderr.destroy();
    resolve(outcome);
  };
  const stop = (why: ProcessOutcome["end"], because: string | null = null) => {
    // What has ended by itself is only waited for; it did not run into anything.
    if (end !== "exit" || exited || settled) return;
    [end, reason] = [why, because];
    if (pid !== undefined) killGroup(pid, "SIGTERM");
    after(spec.graceMs ?? 3000, () => pid !== undefined && killGroup(pid, "SIGKILL"));
  };
  const onAbort = () => stop("cancelled");

  const lines = new LineReader((line) => {
    const objection = end === "exit" ? spec.onLine?.(line) : undefined;
    if (objection !== undefined) stop("stopped", objection);
  });
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => {
    stdoutBytes += Buffer.byteLength(chunk);
    if (stdoutBytes > (spec.maxStdoutBytes ?? 16 * 1024 * 1024)) return stop("flood");
    stdout += chunk;
    lines.push(chunk);
  });
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (chunk: string) => stderr = (stderr + chunk).slice(-STDERR_TAIL));
  // A child that ends without reading closes the pipe under our feet; its exit says why, so the write error is not news.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on("error", () => {});

  const finish = (code: number | null, signal: string | null) => {
    if (settled) return;
    lines.end();
    settle({ end, reason, code, signal, errno: null, stdout, stderr });
  };
  child.on("error", (cause) => settle(notStarted(cause)));
  child.on("exit", (code, signal) => {
    exited = true;
    after(spec.settleMs ?? 2000, () => finish(code, signal));
  });
  child.on("close", (code, signal) => finish(code, signal));

  after(spec.deadlineMs ?? 300_000, () => stop("deadline"));
  spec.signal?.addEventListener("abort", onAbort);
  if (spec.signal?.aborted) onAbort();
  child.stdin.end(spec.stdin);
  return promise;
}

function notStarted(cause: unknown): ProcessOutcome {
  const errno = (cause as { code?: string }).code ?? "unknown";
  return {
    end: "not_started",
    code: null,
    signal: null,
    errno,
    reason: null,
    stdout: "",
    stderr: String(cause),
  };
}
