/** `deno task distill`: what studies learned, condensed to presets, heuristics, warnings and intuitions, each tested. */
import { readStudy } from "../study/config.ts";
import { describeEffect } from "../wisdom/tested.ts";
import { type Command, oneOf, runCommand, UsageError, wholeNumber } from "./command.ts";
import { withManifest } from "./run.ts";
import { DISTILLERS, distillStudies, WISDOM_BASES, WISDOM_PAGE } from "./wisdom_studies.ts";
import type { Wisdom } from "../records/wisdom.ts";

export const DISTILL: Command = {
  name: "distill",
  summary:
    "Condenses studies to presets, heuristics, warnings and intuitions, and tests each on cases it was not made from.",
  positional: "STUDY…",
  options: {
    agent: { type: "string", value: DISTILLERS.join("|"), help: "who drafts (analyst, which works offline)" },
    base: {
      type: "string",
      value: WISDOM_BASES.join("|"),
      help:
        "formula and point it stands on: where training ended, or what deno task structure found (trained)",
    },
    lockbox: { type: "boolean", help: "judge on the repositories kept aside as well; they are spent then" },
    backgrounds: {
      type: "string",
      value: "N",
      help: "background points of each warning's interaction test; 0 tests none (8)",
    },
  },
  examples: [
    "deno task distill demo",
    "deno task distill quick --agent claude",
    "deno task distill a b --lockbox --backgrounds 32 --json",
  ],
  notes:
    "Writes wisdom.json and wisdom.md into the first study's folder. The analyst writes rules once without each repository and judges each rule only on repositories it was written without; all rules written at any turn are shown, and their p-values adjusted together. A study of one repository leaves its rules untested. A model's rules are judged on repositories its episodes did not show.",
};

/** A distillation as text for a terminal. */
export function describeWisdom({ presets, heuristics, warnings, intuitions, conclusion }: Wisdom): string {
  const block = (title: string, lines: readonly string[]) =>
    `${title}\n${lines.map((line) => `  ${line}`).join("\n") || "  none"}`;
  return [
    block(
      "presets, against the defaults on their own selection cases",
      presets.map((p) => `${p.kept ? "kept   " : "dropped"} ${p.name}: ${describeEffect(p.tested.effect)}`),
    ),
    block(
      "heuristics, against the tuned point on repositories they were not written from",
      heuristics.map((h) =>
        `${h.tested.verdict.padEnd(12)} ${
          h.default_on ? "on " : "off"
        } ${h.text}\n               ${h.tested.reason}\n               elsewhere ${
          describeEffect(h.elsewhere)
        }`
      ),
    ),
    block("warnings", warnings.map((w) => `${w.status.padEnd(12)} ${w.text}`)),
    block("intuitions", intuitions.map((i) => `${i.opinion ? "opinion: " : ""}${i.sentence}`)),
    conclusion,
  ].join("\n\n");
}

if (import.meta.main) {
  await runCommand(DISTILL, async (invocation) => {
    const { values, positionals } = invocation;
    const [first] = positionals;
    if (first === undefined) {
      throw new UsageError("no study: name the studies to distil, as in deno task distill demo");
    }
    const agent = oneOf(values, "agent", DISTILLERS, "analyst");
    const openLockbox = values["lockbox"] === true;
    const splits = ["train", "selection", "test", ...(openLockbox ? ["lockbox" as const] : [])] as const;
    return await withManifest(readStudy(first), invocation, { splits, parameters: { agent } }, async () => {
      const { wisdom, dir } = await distillStudies(positionals, invocation, {
        agent,
        base: oneOf(values, "base", WISDOM_BASES, "trained"),
        openLockbox,
        backgrounds: wholeNumber(values, "backgrounds", 8, 0),
      });
      return {
        json: { study: first, wisdom },
        text: `${describeWisdom(wisdom)}\n\nwritten: ${dir}/${WISDOM_PAGE}`,
      };
    });
  });
}
