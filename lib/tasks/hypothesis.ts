/** `deno task hypothesis`: writes interaction claims down, then tests them. */
import { join } from "node:path";
import { writeJson } from "../base/artefacts.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { Arena } from "../engine/arena.ts";
import { searchSpace, silentParameters } from "../formula/parameters.ts";
import { holm } from "../metrics/multiple.ts";
import type { Case, Split } from "../records/case.ts";
import type { Hypothesis } from "../records/hypothesis.ts";
import { defaultPoint } from "../records/space.ts";
import { hypothesisAnswer, hypothesisReport, type TestedClaim } from "../report/hypothesis_report.ts";
import { openJournal, readScratchpad } from "../scratchpad/mod.ts";
import { CLAIM_GRAMMAR } from "../sensitivity/claim.ts";
import { knownInteractions, registerClaim } from "../sensitivity/claim_registry.ts";
import { type Heatmap, heatmap } from "../sensitivity/heatmap.ts";
import { type StudyConfig, studyDir } from "../study/config.ts";
import {
  DEFAULT_BACKGROUNDS,
  HYPOTHESES,
  latestTests,
  noteOnInsight,
  registerHypotheses,
  smallButReal,
  testHypothesis,
} from "../study/hypotheses.ts";
import { arenaObjective, type SplitObjective } from "../study/objective.ts";
import { type Power, powerOf, powerText } from "../study/power_line.ts";
import { spaceFilling } from "../study/sensitivity.ts";
import { stratumFilter } from "../study/strata.ts";
import { readRecords } from "../scratchpad/read.ts";
import { OUT_OPTION, writeReportFiles } from "./artefact_report.ts";
import {
  type Command,
  type Invocation,
  type Outcome,
  runCommand,
  UsageError,
  wholeNumber,
} from "./command.ts";
import { withManifest } from "./run.ts";
import { corporaOf, STUDY_OPTIONS, studyOf } from "./study_options.ts";

export const HYPOTHESIS: Command = {
  name: "hypothesis",
  summary:
    "Registers claims about interactions of parameters, tests them on train cases and replicates them on later ones.",
  positional: '["CLAIM" ...]',
  options: {
    ...STUDY_OPTIONS,
    list: { type: "boolean", help: "show the study's registry and what became of each claim; tests nothing" },
    known: { type: "boolean", help: "register and test the specification's four known interactions" },
    insight: {
      type: "string",
      multiple: true,
      value: "ID",
      help: "test a claim that a reasoner made, by the id of its insight in the scratchpad",
    },
    "on-lockbox": { type: "boolean", help: "a look at the lockbox repositories too, which must agree" },
    backgrounds: {
      type: "string",
      value: "N",
      help: `settings of the other parameters the factorial is run at (${DEFAULT_BACKGROUNDS})`,
    },
    out: OUT_OPTION,
  },
  examples: [
    'deno task hypothesis --study my-project "low pagerank_alpha & high boost_chat_file => worse"',
    "deno task hypothesis --study my-project --known",
    "deno task hypothesis --study my-project --list",
  ],
  notes:
    `A claim is written like this:\n\n${CLAIM_GRAMMAR}\n\nIt stands in hypotheses.jsonl before it is tested. Writes ` +
    "hypothesis_tests.jsonl, hypothesis.json, hypothesis.md and hypothesis.html.",
};

/** The body of the task, for tests too. */
export async function hypothesis(invocation: Invocation): Promise<Outcome> {
  const { values, positionals } = invocation;
  const insights = values["insight"] as string[] | undefined ?? [];
  const known = values["known"] === true, list = values["list"] === true;
  if (!list && !known && insights.length === 0 && positionals.length === 0) {
    throw new UsageError(
      'no claim: write one, as in "low pagerank_alpha & high boost_chat_file => worse", or give --known',
    );
  }
  const backgrounds = wholeNumber(values, "backgrounds", DEFAULT_BACKGROUNDS, 2);
  const config = await studyOf(invocation), dir = studyDir(config.name);
  if (list) return listRegistry(config, dir);
  const space = searchSpace(config.formula);
  const claims: { hypothesis: Hypothesis; insight?: string }[] = positionals.map((text) => ({
    hypothesis: registerClaim(text, space, { origin: "person", source: `study ${config.name}` }),
  }));
  if (known) claims.push(...knownInteractions(space).map((h) => ({ hypothesis: h })));
  for (const id of insights) claims.push({ hypothesis: claimOfInsight(config, dir, id), insight: id });
  const silent = silentParameters(config.formula, config.query);
  for (const { hypothesis: { text, parameters } } of claims) {
    const mute = parameters.find((name) => silent.includes(name));
    if (mute === undefined) continue;
    throw new RangeError(
      `Cannot test ${
        JSON.stringify(text)
      }: ${mute} needs a message and moves nothing in the study ${config.name}, whose query is ` +
        `${config.query}; make a study with --query message`,
    );
  }
  const registered = register(dir, claims.map((c) => c.hypothesis));
  return await withManifest(
    config,
    invocation,
    {
      splits: ["train", "selection", ...(values["on-lockbox"] === true ? ["lockbox" as const] : [])],
      inputs: Object.fromEntries(registered.map((h) => [`hypothesis ${h.id.slice(0, 12)}`, h.id])),
      parameters: { backgrounds },
    },
    () =>
      testAll(
        config,
        dir,
        invocation,
        claims.map((c, i) => ({ ...c, hypothesis: registered[i]! })),
        backgrounds,
      ),
  );
}

/** The registration is on the disk, and the study unlocked, before anything is scored. */
function register(dir: string, claims: readonly Hypothesis[]): Hypothesis[] {
  using journal = openJournal(dir);
  return registerHypotheses(journal, claims);
}

async function testAll(
  config: StudyConfig,
  dir: string,
  invocation: Invocation,
  claims: readonly { readonly hypothesis: Hypothesis; readonly insight?: string }[],
  backgrounds: number,
): Promise<Outcome> {
  const { progress, signal, values, line } = invocation;
  const corpora = await corporaOf(config, invocation);
  const splits: Split[] = [
    "train",
    "selection",
    ...(values["on-lockbox"] === true ? ["lockbox" as const] : []),
  ];
  const power: Power[] = splits.map((split) =>
    Arena.load(corpora, { splits: [split], mode: config.query, labels: config.labels })
  ).filter((arena) => arena.cases.length > 0).map((arena) => powerOf(arena, config.formula));
  progress.say(powerText(power));
  const ground = grounds(config, corpora, signal);
  const done: Omit<TestedClaim, "p_holm">[] = [];
  for (const [i, { hypothesis: claim, insight }] of claims.entries()) {
    const on = await ground(claim);
    const test = await testHypothesis(dir, claim.id, {
      discovery: on("train"),
      replication: on("selection"),
      ...(splits.includes("lockbox") ? { lockbox: on("lockbox") } : {}),
    }, {
      seed: config.seed,
      backgrounds,
      unitDesign: spaceFilling,
      signal,
      progress: (n, total) => progress.step(`claim ${i + 1} of ${claims.length}`, n, total),
    });
    if (insight !== undefined) {
      using journal = openJournal(dir);
      noteOnInsight(journal, readScratchpad(dir), insight, test, {
        study: config.name,
        metric: claim.metric,
      });
    }
    done.push({ hypothesis: claim, test, map: await mapOf(config, claim, on("train"), signal) });
  }
  const adjusted = holm(done.map(({ test }) => test.p_value));
  const tested: TestedClaim[] = done.map((claim, i) => ({ ...claim, p_holm: adjusted[i]! }));
  writeJson(join(dir, "hypothesis.json"), {
    record: "hypothesis_report/1",
    study: config.name,
    power,
    claims: tested,
  });
  const files = writeReportFiles(
    dir,
    "hypothesis",
    hypothesisReport({
      claims: tested,
      power,
      provenance: {
        command: `deno task ${
          line.map((part) => part.includes(" ") ? JSON.stringify(part) : part).join(" ")
        }`,
        study: config.name,
        formula: config.formula.name,
        repositories: config.repositories.map((r) => `${r.name}@${r.head.slice(0, 12)}`).join(", "),
      },
    }),
    values["out"] as string | undefined,
  );
  return {
    json: { study: config.name, power, claims: tested, files },
    text: [
      powerText(power),
      "",
      ...tested.map(({ test }) => describe(test)),
      "",
      hypothesisAnswer(tested.map((t) => t.test)),
      files.html,
    ].join("\n"),
  };
}

function describe(test: TestedClaim["test"]): string {
  const seen = test.minimal_detectable_effect, small = smallButReal(test);
  return `${test.verdict.padEnd(12)}  ${test.text}\n  ${test.reason}\n` +
    (small === undefined ? "" : `  ${small}\n`) +
    test.found.map((f) => `  ${f.split}: ${f.reason}\n`).join("") +
    `  ${
      seen === null ? "it could have seen nothing" : `smallest effect it could have seen: ${seen.toFixed(4)}`
    }`;
}

/** Objectives of a claim by split, over the cases of its stratum; undefined where there is none. */
function grounds(config: StudyConfig, corpora: readonly Corpus[], signal: AbortSignal) {
  const cases: Case[] = corpora.flatMap((corpus) => [...corpus.cases]);
  const made = new Map<string, SplitObjective | undefined>();
  return async (claim: Hypothesis) => {
    const keep = await stratumFilter(claim.stratum, config.repositories, cases, { signal });
    return (split: Split): SplitObjective | undefined => {
      const key = JSON.stringify([split, claim.metric, claim.stratum]);
      if (!made.has(key)) {
        const arena = Arena.load(corpora, {
          splits: [split],
          mode: config.query,
          labels: config.labels,
          keep,
        });
        made.set(
          key,
          arena.cases.length === 0
            ? undefined
            : arenaObjective(arena, { formula: config.formula, metric: claim.metric }),
        );
      }
      return made.get(key);
    };
  };
}

async function mapOf(
  config: StudyConfig,
  { parameters }: Hypothesis,
  objective: SplitObjective | undefined,
  signal: AbortSignal,
): Promise<Heatmap | undefined> {
  const [x, y, more] = parameters;
  if (x === undefined || y === undefined || more !== undefined || objective === undefined) return undefined;
  const space = searchSpace(config.formula);
  const mean = async (point: Parameters<SplitObjective["values"]>[0]) =>
    objective.mean(await objective.values(point));
  return await heatmap(space, mean, [x, y], defaultPoint(space), { levels: 9, signal });
}

function claimOfInsight(config: StudyConfig, dir: string, id: string): Hypothesis {
  const { insights } = readScratchpad(dir);
  const found = insights.filter((insight) => insight.id.startsWith(id));
  const [insight, other] = found;
  if (insight === undefined || other !== undefined) {
    throw new RangeError(
      `There ${
        insight === undefined ? "is no insight" : "are several insights"
      } ${id} in the study ${config.name}: ${
        insights.filter((i) => i.kind === "interaction").map((i) => i.id).join(", ") ||
        "it has no interaction claim"
      }`,
    );
  }
  return registerClaim(insight.text, searchSpace(config.formula), {
    origin: "reasoner",
    source: `study ${config.name}, insight ${insight.id}`,
    episode: insight.provenance[0],
  });
}

function listRegistry(config: StudyConfig, dir: string): Outcome {
  const registry = readRecords(dir, HYPOTHESES);
  const tests = new Map(latestTests(dir).map((t) => [t.hypothesis, t]));
  const rows = registry.map((h) => ({
    id: h.id,
    text: h.text,
    source: h.source,
    test: tests.get(h.id) ?? null,
  }));
  return {
    json: { study: config.name, hypotheses: rows },
    text: rows.length === 0
      ? `no claim is registered in ${config.name}: write one, or give --known`
      : rows.map((r) =>
        `${r.id.slice(0, 12)}  ${(r.test?.verdict ?? "untested").padEnd(12)}  ${r.text}  (${r.source})`
      )
        .join("\n"),
  };
}

if (import.meta.main) await runCommand(HYPOTHESIS, hypothesis);
