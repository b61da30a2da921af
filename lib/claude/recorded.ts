/** Recording answers and playing them back: the same question gives the same answer, and is paid for once. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../base/artefacts.ts";
import { CASSETTE, type Cassette } from "../records/cassette.ts";
import type { Attempt } from "../records/call.ts";
import { type AskedOf, askedOf, cassetteKey } from "./cassette_key.ts";
import { ClaudeError } from "./errors.ts";
import { terminalText } from "./escape.ts";
import { FAILURES } from "./failures.ts";
import { type AskOptions, type Model, type ModelRequest, type Reply, sumAttempts } from "./model.ts";
import { lineSimilarity, promptDiff } from "./prompt_diff.ts";
import { sealRequest } from "./sealed.ts";

/**
 * "live": ask, keep nothing. "record": play back what the folder has, ask and keep the rest; this is what makes an
 * interrupted study resume without paying twice. "replay": play back only; what is missing is an error.
 */
export type RecordMode = "live" | "record" | "replay";

/** Settings of {@link recorded}. */
export interface RecordOptions {
  /** Folder of the cassettes, one file each */
  readonly folder: string;
  readonly mode: RecordMode;
  /** Marks new cassettes as written by hand or by a stand-in. Default false */
  readonly synthetic?: boolean;
}

/** A model that records or plays back. */
export interface RecordedModel extends Model {
  /** Cassette files of the folder that no question has used so far, sorted. A strict run wants none */
  unused(): string[];
}

/**
 * Puts a recorder between the caller and a model. Name and identity are those of the model, which in "replay" is never
 * asked: it may be a command line that is not installed.
 *
 * The same prompt asked again in the same episode is a further recording (ordinal 0, 1, ...). Failures that belong to the
 * prompt are kept and played back; failures of the day (limits, logins, network) are not.
 * @throws {ClaudeError} from `ask`: "no_cassette" with the key and the difference to the nearest recorded prompt
 * @throws {RecordError} from `ask` for a cassette that is damaged
 */
export function recorded(model: Model, options: RecordOptions): RecordedModel {
  const asked = new Map<string, number>(), used = new Set<string>();
  return {
    name: model.name,
    identity: model.identity,
    unused: () => filesOf(options.folder).filter((file) => !used.has(file)),
    ask: async (request: ModelRequest, ask: AskOptions = {}): Promise<Reply> => {
      if (options.mode === "live") return model.ask(request, ask);
      const what = askedOf(model, request), key = cassetteKey(what);
      const turn = `${key}/${request.episode ?? "x"}`, ordinal = asked.get(turn) ?? 0;
      const slot = `${request.episode ?? "x"}.${ordinal}`, name = `${key}-${slot}.json`;
      const file = join(options.folder, name);
      asked.set(turn, ordinal + 1);
      if (existsSync(file)) {
        used.add(name);
        return playBack(readJson(file, CASSETTE), model.name, request, ask);
      }
      if (options.mode === "replay") throw missing(model.name, options.folder, key, slot, what);
      used.add(name);
      const keep = (part: Pick<Cassette, "reply" | "failure" | "attempts">) =>
        writeJson(
          file,
          {
            record: "cassette/1",
            key,
            slot,
            request: what,
            ...part,
            recorded_at_s: Date.now() / 1000,
            synthetic: options.synthetic ?? false,
          } satisfies Cassette,
        );
      return await askAndKeep(model, request, ask, keep);
    },
  };
}

async function askAndKeep(
  model: Model,
  request: ModelRequest,
  ask: AskOptions,
  keep: (part: Pick<Cassette, "reply" | "failure" | "attempts">) => void,
): Promise<Reply> {
  try {
    const reply = await model.ask(request, ask);
    const { text, value, stop_reason, model: by, version, cost_usd, tokens, duration_ms } = reply;
    keep({
      reply: {
        text,
        ...(value === undefined ? {} : { value }),
        stop_reason,
        model: by,
        version,
        cost_usd,
        tokens,
        duration_ms,
      },
      attempts: [...reply.attempts],
    });
    return reply;
  } catch (error) {
    if (error instanceof ClaudeError && ["skip", "shrink"].includes(FAILURES[error.kind].next)) {
      keep({ failure: { kind: error.kind, detail: error.detail }, attempts: [...error.attempts] });
    }
    throw error;
  }
}

function playBack(cassette: Cassette, program: string, request: ModelRequest, ask: AskOptions): Reply {
  const attempts: readonly Attempt[] = cassette.attempts;
  const failures = cassette.failure === undefined ? attempts.slice(0, -1) : attempts;
  failures.forEach((attempt, i) => {
    // The allowance shrinks as it did when this was recorded, so that what follows is the same.
    if (i < attempts.length - 1) ask.attempts?.takeRetry();
    ask.onFailedAttempt?.(attempt, i + 1, true);
  });
  if (cassette.failure !== undefined) {
    throw new ClaudeError(cassette.failure.kind, { program, detail: cassette.failure.detail, attempts });
  }
  const reply = cassette.reply!;
  return {
    ...reply,
    ...sumAttempts(attempts),
    attempts,
    prompt_hash: sealRequest(request, program, Infinity).prompt_hash,
    replayed: true,
  };
}

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return [...Deno.readDirSync(folder)].map((entry) => entry.name)
    .filter((name) => /^[0-9a-f]{64}-.*\.json$/.test(name)).sort();
}

function missing(program: string, folder: string, key: string, slot: string, what: AskedOf): ClaudeError {
  const near = filesOf(folder)
    .map((name) => readJson(join(folder, name), CASSETTE))
    .map((cassette) => ({ cassette, score: lineSimilarity(cassette.request.prompt, what.prompt) }))
    .reduce<{ cassette: Cassette; score: number } | undefined>(
      (best, next) => best === undefined || next.score > best.score ? next : best,
      undefined,
    );
  return new ClaudeError("no_cassette", {
    program,
    detail: `key ${key}, slot ${slot}; ${
      near === undefined ? "no recordings at all" : differs(near.cassette, what, key)
    }`,
  });
}

function differs({ key, slot, request }: Cassette, what: AskedOf, wanted: string): string {
  const nearest = `nearest is ${key.slice(0, 12)}, slot ${slot}`;
  if (key === wanted) return `${nearest}, the same question in another episode or turn`;
  const others = [
    JSON.stringify(request.identity) !== JSON.stringify(what.identity)
      ? `model ${JSON.stringify(request.identity)}, now ${JSON.stringify(what.identity)}`
      : "",
    request.system !== what.system ? `another system prompt\n${promptDiff(request.system, what.system)}` : "",
    request.schema_hash !== what.schema_hash ? "another reply schema" : "",
    request.prompt !== what.prompt ? `another prompt\n${promptDiff(request.prompt, what.prompt)}` : "",
  ].filter((part) => part !== "");
  return terminalText(`${nearest}, recorded for ${others.join("; ")}`, { max: 4000 });
}
