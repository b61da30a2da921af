/** The person's own `codex` command line as a model, held to the same contract as `claude`. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codexArguments } from "./arguments.ts";
import { probe } from "./capabilities.ts";
import { finding } from "./classify.ts";
import { cliIdentity, type CliOptions } from "./cli.ts";
import { classifyCodex, CodexEvents } from "./codex_events.ts";
import { folderExists, withEmptyFolder } from "./empty_folder.ts";
import { childEnvironment } from "./environment.ts";
import { locateProgram } from "./locate.ts";
import type { AskOptions, Model, ModelRequest } from "./model.ts";
import { runProcess } from "./process.ts";
import { ONE_AT_A_TIME } from "./queue.ts";
import { portableSchema } from "./schema.ts";
import type { SealedRequest } from "./sealed.ts";
import { type Attempted, Transport } from "./transport.ts";

/**
 * The installed `codex exec`: prompt on standard input with the system prompt above it, read-only sandbox, empty working
 * folder, allowlisted environment. It reports tokens and no price, so `cost_usd` is null.
 */
export function codexCli(options: CliOptions = {}): Model {
  const transport = new Transport("codex", { queue: ONE_AT_A_TIME, ...options });
  return {
    name: "codex",
    identity: cliIdentity("codex", options),
    ask: (request: ModelRequest, ask: AskOptions = {}) =>
      transport.call(request, ask, (sealed) => once(sealed, request, options, ask.signal)),
  };
}

async function once(
  sealed: SealedRequest,
  request: ModelRequest,
  options: CliOptions,
  signal: AbortSignal | undefined,
): Promise<Attempted> {
  const environment = options.environment ?? Deno.env.toObject();
  const file = locateProgram("codex", { environment, bin: options.bin, notInside: options.notInside });
  if (file === undefined) {
    return {
      finding: finding("not_found", options.bin ?? "looked on PATH and in the usual places"),
      cost_usd: null,
    };
  }
  const env = childEnvironment("codex", environment, options.auth ?? "login");
  const probed = await probe(file, env);
  const version = probed.ok ? probed.capabilities.version : null;
  // Two folders: the one it works in stays empty, the other holds what it is given and what it leaves.
  return await withEmptyFolder((cwd) =>
    withEmptyFolder(async (files) => {
      const lastMessageFile = join(files, "last.txt");
      let schemaFile: string | undefined;
      if (options.nativeSchema && request.schema !== undefined) {
        schemaFile = join(files, "schema.json");
        await writeFile(schemaFile, JSON.stringify(portableSchema(request.schema)));
      }
      const events = new CodexEvents();
      const run = await runProcess({
        file,
        args: codexArguments({ model: options.model, effort: options.effort, schemaFile, lastMessageFile }),
        cwd,
        env,
        stdin: `${sealed.system}\n\n${sealed.prompt}`,
        deadlineMs: options.deadlineMs,
        graceMs: options.graceMs,
        settleMs: options.settleMs,
        maxStdoutBytes: options.maxStdoutBytes,
        signal,
        onLine: (line) => events.readLine(line),
      });
      const last = await readFile(lastMessageFile, "utf8").catch(() => "");
      const text = last.trim() === "" ? events.message : last;
      const found = classifyCodex({
        run,
        events,
        text,
        cwdExists: folderExists(cwd),
        now_s: Date.now() / 1000,
      });
      return {
        finding: found,
        text,
        model: options.model ?? null,
        version,
        cost_usd: null,
        tokens: events.tokens,
      };
    })
  );
}
