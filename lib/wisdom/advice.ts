/** What wisdom says of a repository before anything is ranked. */
import type { WorkSnapshot } from "../corpus/work_snapshot.ts";
import type { Intent } from "../records/case.ts";
import type { Wisdom } from "../records/wisdom.ts";
import { type Configuration, configure } from "./configure.ts";
import type { Facts } from "./heuristic_vocabulary.ts";
import { workFacts } from "./rank_tree.ts";
import { describeEffect } from "./tested.ts";

/** What advice is asked about. */
export interface AdviceRequest {
  readonly intent: Intent;
  readonly seedFile?: string;
  readonly preset?: string;
}

/** Advice on a repository as such. */
export const NO_QUERY: AdviceRequest = { intent: "explore" };

/** Advice with its reasons. */
export interface Advice {
  readonly wisdom: string;
  readonly facts: Facts;
  readonly preset: { readonly name: string; readonly description: string; readonly effect: string } | null;
  /** Kept presets whose stratum holds here */
  readonly suitable: readonly string[];
  /** Rules that apply and are on, with what they move */
  readonly rules: readonly string[];
  readonly moves: Configuration["moves"];
  /** Rules that would apply and are off, with why */
  readonly off: Configuration["off"];
  readonly warnings: readonly {
    readonly text: string;
    readonly status: string;
    readonly reason: string;
    readonly because: Readonly<Record<string, unknown>>;
  }[];
}

/**
 * Advises on a working tree. Without a seed file the seed's facts are those of no file.
 *
 * @throws {RangeError} for a preset or a seed file that does not exist
 */
export function adviseOn(work: WorkSnapshot, wisdom: Wisdom, request: AdviceRequest): Advice {
  const seed = request.seedFile === undefined ? -1 : work.snapshot.files.indexOf(request.seedFile);
  if (request.seedFile !== undefined && seed < 0) {
    throw new RangeError(
      `${request.seedFile} is no source file of ${work.snapshot.repo}: give its path from the root of the tree`,
    );
  }
  const query = work.query({
    anchors: [{ file: Math.max(0, seed), weight: 1 }],
    chat: [],
    text: "",
  });
  const facts = workFacts(work, { ...query, seed }, request, false);
  const configuration = configure(
    wisdom,
    facts,
    request.preset === undefined ? {} : { preset: request.preset },
  );
  const { preset } = configuration;
  return {
    wisdom: wisdom.name,
    facts,
    preset: preset && {
      name: preset.name,
      description: preset.description,
      effect: `${preset.tested.verdict}: ${describeEffect(preset.tested.effect)} against the defaults`,
    },
    suitable: configuration.suitable,
    rules: configuration.fired,
    moves: configuration.moves,
    off: configuration.off,
    warnings: configuration.warnings.map(({ warning, because }) => ({
      text: warning.text,
      status: warning.status,
      reason: warning.reason,
      because,
    })),
  };
}

/** Rules that are off are shown up to this many: a study reports every rule it ever wrote. */
const SHOWN_OFF = 5;

/** Advice for a terminal. */
export function describeAdvice(advice: Advice): string {
  const { facts } = advice;
  const block = (title: string, lines: readonly string[]) =>
    `${title}\n${lines.map((line) => `  ${line}`).join("\n") || "  none"}`;
  const because = (values: Readonly<Record<string, unknown>>) =>
    Object.entries(values).map(([name, value]) => `${name} = ${String(value)}`).join(", ");
  return [
    `wisdom ${advice.wisdom}; ${facts["repo.file_count"]} source files, mostly ${facts["repo.language"]}, ` +
    `${facts["repo.commit_count"]} commits in ${Math.round(facts["repo.age_days"])} days by ${
      facts["repo.contributors"]
    } people`,
    block(
      "preset",
      advice.preset === null
        ? ["none: the tuned point"]
        : [`${advice.preset.name}: ${advice.preset.description}`, advice.preset.effect],
    ),
    block("presets made for what you have here", advice.suitable),
    block("rules that apply", [
      ...advice.rules,
      ...advice.moves.map(({ parameter, before, after }) => `  ${parameter}: ${before} becomes ${after}`),
    ]),
    block("rules that would apply and are off", [
      ...advice.off.slice(0, SHOWN_OFF).map(({ text, reason }) => `${text} (${reason})`),
      ...(advice.off.length <= SHOWN_OFF
        ? []
        : [`and ${advice.off.length - SHOWN_OFF} more; --json has them all`]),
    ]),
    block(
      "warnings that fire",
      advice.warnings.map((w) => `${w.text} (${because(w.because)}; ${w.reason})`),
    ),
  ].join("\n");
}
