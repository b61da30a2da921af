/** What a distillation comes to in plain words, a failure included. */
import type { Wisdom } from "../records/wisdom.ts";
import { describeEffect } from "./tested.ts";

const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** Says what survived its test and what did not. The last sentence answers whether the rules help on repositories not seen. */
export function conclusionOf(
  wisdom: Pick<Wisdom, "tuned" | "presets" | "heuristics" | "warnings" | "default_on">,
): string {
  const { tuned, presets, heuristics, warnings, default_on } = wisdom;
  const kept = presets.filter((preset) => preset.kept);
  const special = kept.filter(({ beyond_tuned }) => beyond_tuned !== null && beyond_tuned.low > 0);
  const on = heuristics.filter((heuristic) => heuristic.default_on);
  const tally = (verdict: string) => heuristics.filter(({ tested }) => tested.verdict === verdict).length;
  const tuning = on.filter(({ elsewhere }) => elsewhere !== null && elsewhere.low > 0).length;
  const supported = warnings.filter(({ status }) => status === "supported").length;
  return [
    tuned.tested.effect === null
      ? "The tuned point could not be compared with the defaults on held-out cases."
      : `The tuned point against the defaults: ${
        describeEffect(tuned.tested.effect)
      } on selection, ${tuned.tested.verdict}; on test ${describeEffect(tuned.tested.test)}.`,
    `${kept.length} of ${
      count(presets.length, "preset")
    } kept, ${special.length} of them better than the tuned point on their own cases by an interval of their own.`,
    `Of ${count(heuristics.length, "rule")} judged on repositories they were not written from, ${
      tally("supported")
    } supported, ${tally("refuted")} refuted, ${tally("undetermined")} undetermined, ${
      tally("untested")
    } untested.`,
    ...(tuning === 0 ? [] : [
      `The moves of ${
        count(tuning, "rule")
      } that is on help where it does not fire too: they want tuning, not a condition.`,
    ]),
    `${supported} of ${count(warnings.length, "warning")} rest on a supported interaction.`,
    on.length === 0
      ? "Nothing survived as a default: no rule is on."
      : `With ${count(on.length, "default-on rule")}, ${answerOf(default_on)}: ${
        describeEffect(default_on.effect)
      }${
        on.some(({ left_out }) => left_out)
          ? " on test cases, each repository under the rules that come on without it"
          : ""
      }.`,
    ...(on.length === 0 || default_on.lockbox === null ? [] : [
      `On the repositories kept aside: ${describeEffect(default_on.lockbox)}, which ${
        default_on.lockbox.low > 0
          ? "says so too"
          : default_on.lockbox.high < 0
          ? "says the opposite"
          : "does not confirm it"
      }.`,
    ]),
  ].join(" ");
}

function answerOf({ verdict }: Wisdom["default_on"]): string {
  if (verdict === "supported") return "repositories not seen are ranked better";
  if (verdict === "refuted") return "repositories not seen are ranked worse";
  return "repositories not seen are not shown to be ranked better";
}
