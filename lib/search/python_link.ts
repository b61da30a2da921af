/** A Python child that answers one JSON line with one JSON line. */

/** How the child is started, and what its absence is called. */
export interface PythonLinkOptions {
  readonly python: string;
  readonly script: string;
  /** the package it needs, for messages */
  readonly what: string;
  /** the error for a Python that is missing, lacks the package, or ends; it is given why */
  readonly missing: (why: string) => Error;
}

/** The Python a bridge starts when it is named none: the variable RIPMAP_LAB_PYTHON, else "python3". */
export function pythonOf(given: string | undefined): string {
  return given ?? Deno.env.get("RIPMAP_LAB_PYTHON") ?? "python3";
}

/** A running child. */
export interface PythonLink {
  /** Sends one request and awaits its reply. @throws {Error} when the reply is not ok; the options' error when the child is gone */
  request(message: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Starts the child. @throws what `missing` makes, when there is no such Python */
export function openPythonLink({ python, script, what, missing }: PythonLinkOptions): PythonLink {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(python, { args: [script], stdin: "piped", stdout: "piped", stderr: "piped" })
      .spawn();
  } catch (cause) {
    throw missing((cause as Error).message);
  }
  const errors = new Response(child.stderr).text();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = "";

  async function readLine(): Promise<string> {
    for (;;) {
      const end = buffered.indexOf("\n");
      if (end >= 0) {
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 1);
        return line;
      }
      const { value, done } = await reader.read();
      if (done) {
        const lastLine = (await errors).trimEnd().split("\n").at(-1);
        throw missing(lastLine || "it ended without a reply");
      }
      buffered += value;
    }
  }

  return {
    async request(message) {
      // A child that died early breaks the pipe; the reason is on its error stream, which readLine reports.
      await writer.write(new TextEncoder().encode(JSON.stringify(message) + "\n")).catch(() => {});
      const reply = JSON.parse(await readLine()) as Record<string, unknown>;
      if (reply.ok !== true) {
        throw new Error(`${what} refused ${JSON.stringify(message)}: ${String(reply.error)}`);
      }
      return reply;
    },
    async close() {
      await writer.close().catch(() => {});
      await reader.cancel().catch(() => {});
      await errors;
      await child.status;
    },
  };
}
