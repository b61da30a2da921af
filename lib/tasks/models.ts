/** Which reasoner answers: the embedded analyst, the user's own command line, or a recording. */
import { join } from "node:path";
import { CallBudget, CallJournal, claudeCli, codexCli, type Model, type RecordMode } from "../claude/mod.ts";
import { analystModel } from "../reasoning/analyst.ts";
import type { StudyConfig } from "../study/config.ts";
import { type Invocation, oneOf, type Option, UsageError } from "./command.ts";

/** Reasoners by name. */
export const AGENTS = ["analyst", "claude", "codex", "replay"] as const;
export type Agent = typeof AGENTS[number];

/** Options that choose and bound a reasoner. */
export const MODEL_OPTIONS: Readonly<Record<string, Option>> = {
  agent: {
    type: "string",
    value: AGENTS.join("|"),
    help:
      "who reasons: analyst is embedded, free and offline; claude and codex start your own command line (analyst)",
  },
  model: { type: "string", value: "NAME", help: "model the command line is asked for (its own default)" },
  "max-calls": {
    type: "string",
    value: "N",
    help: "model calls this study may make, earlier runs included (60)",
  },
  "max-usd": { type: "string", value: "X", help: "estimated dollars this study may cost (5)" },
  "llm-auth": {
    type: "string",
    value: "login|env",
    help: "env: allow an API key of the environment to be billed (login)",
  },
};

/** What a task needs to ask. */
export interface ChosenModel {
  readonly agent: Agent;
  readonly model: Model;
  readonly recording: RecordMode;
}

/** The reasoner an invocation names. */
export function chooseModel(
  { values }: Pick<Invocation, "values">,
  config: StudyConfig,
  dir: string,
): ChosenModel {
  const agent = oneOf(values, "agent", AGENTS, "analyst");
  if (agent === "analyst") return { agent, model: analystModel(), recording: "record" };
  const maxCalls = positive(values, "max-calls", 60), maxUsd = positive(values, "max-usd", 5);
  const auth = oneOf(values, "llm-auth", ["login", "env"] as const, "login");
  const before = new CallJournal(dir).attempts();
  const named = values["model"] as string | undefined;
  const shared = {
    auth,
    notInside: config.repositories.map((r) => r.dir),
    ...(named === undefined ? {} : { model: named }),
  };
  const recording = agent === "replay" ? "replay" : "record";
  return agent === "codex"
    ? { agent, recording, model: codexCli({ ...shared, budget: new CallBudget({ maxCalls }, before) }) }
    : {
      agent,
      recording,
      model: claudeCli({ ...shared, budget: new CallBudget({ maxCalls, maxUsd }, before) }),
    };
}

function positive(values: Invocation["values"], name: string, fallback: number): number {
  const text = values[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new UsageError(`--${name} is ${String(text)}: a positive number is wanted`);
  }
  return value;
}

/** Folder a control keeps its episodes in, apart from the study's own. */
export function controlDir(dir: string, control: string): string {
  return control === "none" ? dir : join(dir, "controls", control);
}
