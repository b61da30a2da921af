/** Who answers in the arm "claude", and what each run of it may cost. */
import { claudeCli } from "../claude/cli.ts";
import type { Model } from "../claude/model.ts";
import type { Budget } from "../search/budget.ts";
import type { StudyConfig } from "../study/config.ts";
import { type Invocation, type Option, UsageError, wholeNumber } from "./command.ts";

/** Options of the arm "claude". */
export const ARM_MODEL_OPTIONS: Readonly<Record<string, Option>> = {
  model: {
    type: "string",
    value: "NAME",
    help: "arm claude: model asked for (the command line's own default)",
  },
  "max-calls": { type: "string", value: "N", help: "arm claude: model calls of one run (40)" },
  "max-usd": { type: "string", value: "X", help: "arm claude: estimated dollars of one run (2)" },
};

/** Limits of one run beside its evaluations. */
export function armLimits({ values }: Pick<Invocation, "values">): Budget {
  const usd = Number(values["max-usd"] ?? 2);
  if (!(usd >= 0) || !Number.isFinite(usd)) {
    throw new UsageError(`--max-usd is ${String(values["max-usd"])}: a number of at least 0 is wanted`);
  }
  return { model_calls: wholeNumber(values, "max-calls", 40, 0), cost_usd: usd };
}

/** The user's own command line for the arm "claude"; nothing for any other. It is not started before its first question. */
export function armModel(
  arm: string,
  { values }: Pick<Invocation, "values">,
  config: StudyConfig,
): Model | undefined {
  if (arm !== "claude") return undefined;
  const model = values["model"] as string | undefined;
  return claudeCli({
    notInside: config.repositories.map((r) => r.dir),
    ...(model === undefined ? {} : { model }),
  });
}
