/** The person's own `claude` command line as a model: text in, text out, nothing within its reach. */
import type { AskOptions, Model, ModelRequest, Reply } from "./model.ts";
import { claudeOptions, type Option, toArguments } from "./arguments.ts";
import { type Capabilities, isOlder, probe } from "./capabilities.ts";
import { classify, finding, initFault } from "./classify.ts";
import { folderExists, withEmptyFolder } from "./empty_folder.ts";
import { Envelope } from "./envelope.ts";
import { type Auth, childEnvironment, type Environment } from "./environment.ts";
import type { Finding } from "./errors.ts";
import { locateProgram } from "./locate.ts";
import { type ProcessSpec, runProcess } from "./process.ts";
import { ONE_AT_A_TIME } from "./queue.ts";
import { redactSecrets } from "./redact.ts";
import { portableSchema } from "./schema.ts";
import type { SealedRequest } from "./sealed.ts";
import { type Attempted, Transport, type TransportOptions } from "./transport.ts";

/** Oldest version that does not hang on standard input. */
const MINIMUM_VERSION = "2.1.79";

/** Settings every command-line backend takes. */
export interface CliOptions
  extends TransportOptions, Pick<ProcessSpec, "deadlineMs" | "graceMs" | "settleMs" | "maxStdoutBytes"> {
  /** Model to ask for; by default the person's own setting decides */
  readonly model?: string;
  readonly effort?: string;
  /** Default "login": no API key is ever billed */
  readonly auth?: Auth;
  /** Executable file; by default it is looked for */
  readonly bin?: string;
  /** Folders whose programs are never run: the repositories under study */
  readonly notInside?: readonly string[];
  /** Environment to take the allowed variables from. Default: this process's */
  readonly environment?: Environment;
  /** Let the tool enforce the request's schema. Default false: the reply is read from the text */
  readonly nativeSchema?: boolean;
}

/** Settings of {@link claudeCli}. */
export interface ClaudeCliOptions extends CliOptions {
  /** Price brake of one call inside the tool, US dollars */
  readonly maxUsdPerCall?: number;
  /** Accept an answer from another model than `model`. Default false */
  readonly allowOtherModel?: boolean;
}

/**
 * The installed `claude`, one call at a time: prompt on standard input, no tools, no servers, an empty working folder that
 * is removed afterwards, an allowlisted environment, a deadline for the whole process group.
 *
 * Nothing is looked for or started before the first question.
 */
export function claudeCli(options: ClaudeCliOptions = {}): Model {
  const transport = new Transport("claude", { queue: ONE_AT_A_TIME, ...options });
  return {
    name: "claude",
    identity: cliIdentity("claude", options),
    ask: (request: ModelRequest, ask: AskOptions = {}): Promise<Reply> => {
      let native = options.nativeSchema === true && request.schema !== undefined;
      return transport.call(request, ask, async (sealed) => {
        const attempted = await once(sealed, request, native, options, ask.signal);
        if (!native || !["structured", "bad_schema"].includes(attempted.finding?.kind ?? "")) {
          return attempted;
        }
        native = false;
        return { ...attempted, adapted: true };
      });
    },
  };
}

/** What of a command line's settings changes its answers. */
export function cliIdentity(backend: string, options: CliOptions): Record<string, string> {
  return {
    backend,
    model: options.model ?? "default",
    effort: options.effort ?? "default",
    native: String(options.nativeSchema ?? false),
  };
}

const failed = (found: Finding, rest: Partial<Attempted> = {}): Attempted => ({
  cost_usd: null,
  ...rest,
  finding: found,
});

async function once(
  sealed: SealedRequest,
  request: ModelRequest,
  native: boolean,
  options: ClaudeCliOptions,
  signal: AbortSignal | undefined,
): Promise<Attempted> {
  const auth = options.auth ?? "login";
  const environment = options.environment ?? Deno.env.toObject();
  const file = locateProgram("claude", { environment, bin: options.bin, notInside: options.notInside });
  if (file === undefined) {
    return failed(finding("not_found", options.bin ?? "looked on PATH and in the usual places"));
  }
  const env = childEnvironment("claude", environment, auth);
  const probed = await probe(file, env);
  if (!probed.ok) {
    const found = classify({ run: probed.run, envelope: new Envelope(), cwdExists: true, now_s: nowS() });
    return failed(found ?? finding("unknown", "it did not tell its version"));
  }
  const { capabilities } = probed;
  if (isOlder(capabilities.version, MINIMUM_VERSION)) {
    return failed(
      finding("too_old", `version ${capabilities.version}, at least ${MINIMUM_VERSION} is wanted`),
      {
        version: capabilities.version,
      },
    );
  }
  const choice = claudeOptions({
    system: sealed.system,
    model: options.model,
    effort: options.effort,
    maxUsdPerCall: options.maxUsdPerCall,
    schema: native ? JSON.stringify(portableSchema(request.schema!)) : undefined,
  });
  return await withEmptyFolder((cwd) =>
    run({
      file,
      args: toArguments(choice, capabilities),
      cwd,
      env,
      sealed,
      options,
      signal,
      choice,
      capabilities,
      auth,
    })
  );
}

interface Run {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  readonly sealed: SealedRequest;
  readonly options: ClaudeCliOptions;
  readonly signal: AbortSignal | undefined;
  readonly choice: readonly Option[];
  readonly capabilities: Capabilities;
  readonly auth: Auth;
}

async function run(call: Run): Promise<Attempted> {
  const { options, capabilities } = call;
  const envelope = new Envelope();
  let fault: Finding | undefined;
  const outcome = await runProcess({
    file: call.file,
    args: call.args,
    cwd: call.cwd,
    env: call.env,
    stdin: call.sealed.prompt,
    deadlineMs: options.deadlineMs,
    graceMs: options.graceMs,
    settleMs: options.settleMs,
    maxStdoutBytes: options.maxStdoutBytes,
    signal: call.signal,
    onLine: (line) => {
      const before = envelope.init;
      envelope.readLine(line);
      if (envelope.init !== undefined && envelope.init !== before) {
        fault ??= initFault(envelope.init, call.auth);
      }
      return fault?.detail;
    },
  });
  envelope.readWhole(outcome.stdout, outcome.stderr);
  const found = fault ??
    classify({ run: outcome, envelope, cwdExists: folderExists(call.cwd), now_s: nowS() }) ??
    brokenPromise(envelope, call);
  const common: Attempted = {
    model: envelope.servedBy,
    version: envelope.init?.claude_code_version ?? capabilities.version,
    cost_usd: envelope.cost_usd,
    tokens: envelope.tokens,
    stop_reason: envelope.result?.stop_reason ?? null,
  };
  if (found !== undefined) return { ...common, finding: found, adapted: adaptTo(found, call) };
  const value = envelope.result?.structured_output;
  return {
    ...common,
    text: envelope.result?.result || envelope.streamed,
    ...(value === undefined || value === null
      ? {}
      : { value: JSON.parse(redactSecrets(JSON.stringify(value))) }),
  };
}

/** A successful answer that must not be used: nobody vouched for how it was made, or another model made it. */
function brokenPromise(envelope: Envelope, { options }: Run): Finding | undefined {
  if (envelope.init === undefined) return finding("protocol", "it did not report its tools and its login");
  const served = envelope.servedBy, wanted = options.model;
  if (wanted === undefined || options.allowOtherModel || served === null) return undefined;
  if (served.toLowerCase().includes(wanted.toLowerCase())) return undefined;
  return finding("other_model", `${wanted} was asked for, ${served} answered`);
}

/** True when an option this version does not know was dropped for good, so that the call is worth repeating at once. */
function adaptTo(found: Finding, { choice, capabilities }: Run): boolean {
  if (found.kind !== "unknown_option" || capabilities.refused.has(found.detail)) return false;
  if (!choice.some((option) => option.name === found.detail && option.optional)) return false;
  capabilities.refused.add(found.detail);
  return true;
}

const nowS = () => Date.now() / 1000;
