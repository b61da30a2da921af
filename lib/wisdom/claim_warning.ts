/** From a claim about parameters to a predicate that fires: the same regions, written as values a configuration can have. */
import { fromUnit, type ParameterSpec, type SearchSpace } from "../records/space.ts";
import { readClaim } from "../scratchpad/claim.ts";
import type { Claim } from "../sensitivity/claim.ts";
import { parseClaim } from "../sensitivity/claim_parse.ts";
import { regionRanges } from "../sensitivity/claim_regions.ts";
import { REPOSITORY_SIZES } from "../sensitivity/claim_strata.ts";
import type { Condition, Test } from "./heuristic_condition.ts";
import { oneLine } from "./heuristic_rule.ts";
import { printWarning } from "./heuristic_warning.ts";

/**
 * The warning of a claim: fires where the configuration lies in all its regions and the repository in its stratum.
 *
 * A stratum that no fact speaks of (`repo`) is left out of the condition, since a warning speaks of any repository.
 * @param message what goes wrong and why; " - " in it becomes a semicolon
 * @throws {LanguageError | RangeError} for a claim that is none over this space
 */
export function warningOfClaim(
  claim: string | Claim,
  space: SearchSpace,
  message: string,
  cite: string,
): string {
  const read = typeof claim === "string" ? parseClaim(claim, space) : claim;
  const parts: Condition[] = read.regions.map((region) => {
    const spec = space.find(({ name }) => name === region.parameter)!;
    return oneOrAny(
      "or",
      regionRanges(spec, region).map(([low, high]) => oneOrAny("and", rangeTests(spec, low, high))),
    );
  });
  for (const [key, value] of Object.entries(read.stratum)) parts.push(...stratumTests(key, value));
  return printWarning({
    condition: oneOrAny("and", parts.flatMap((part) => part.kind === "and" ? part.of : [part])),
    message: oneLine(message).replaceAll(" - ", "; "),
    cite,
  });
}

function oneOrAny(kind: "and" | "or", parts: readonly Condition[]): Condition {
  return parts.length === 1 ? parts[0]! : { kind, of: parts };
}

/** Three digits are enough for a danger zone, and read better than thirds of a logarithm. */
const round = (value: number): number => Number(value.toPrecision(3));

function rangeTests(spec: ParameterSpec, low: number, high: number): Test[] {
  const tests: Test[] = [];
  const compare = (op: ">=" | "<=", at: number): Test => ({
    kind: "compare",
    name: spec.name,
    op,
    value: spec.integer ? fromUnit(spec, at) : round(fromUnit(spec, at)),
  });
  if (low > 0) tests.push(compare(">=", low));
  if (high < 1) tests.push(compare("<=", high));
  return tests;
}

function stratumTests(key: string, value: string): Condition[] {
  const is = (name: string, truth: boolean): Condition =>
    truth ? { kind: "is", name } : { kind: "not", of: { kind: "is", name } };
  const files = (op: "<" | ">=", count: number): Test => ({
    kind: "compare",
    name: "repo.file_count",
    op,
    value: count,
  });
  switch (key) {
    case "history":
      return [is("history.is_young", value === "young")];
    case "intent":
      return [{ kind: "compare", name: "intent", op: "==", value }];
    case "language":
      return [{ kind: "compare", name: "repo.language", op: "==", value }];
    case "seed":
      return [is("seed.is_test", value === "test")];
    case "size":
      if (value === "small") return [files("<", REPOSITORY_SIZES.medium)];
      if (value === "large") return [files(">=", REPOSITORY_SIZES.large)];
      return [files(">=", REPOSITORY_SIZES.medium), files("<", REPOSITORY_SIZES.large)];
    default:
      return [];
  }
}

/**
 * The claim an insight's words make, in the claim language, or undefined when they name fewer than two parameters with one direction
 * each ("low alpha + high boost_chat = tunnel vision" names two).
 */
export function claimOfWords(text: string, space: SearchSpace): string | undefined {
  const { directions, polarity, negated } = readClaim(text, space.map(({ name }) => name));
  const said = Map.groupBy(
    directions.map((direction) => direction.split(" ") as [string, string]),
    ([name]) => name,
  );
  const regions = [...said].filter(([, ways]) => ways.length === 1).map(([name, [way]]) =>
    `${way![1] === "up" ? "high" : "low"} ${name}`
  );
  if (regions.length < 2 || regions.length > 4 || negated) return undefined;
  const good = polarity.includes("good") && !polarity.includes("bad");
  return `${regions.sort().join(" & ")} => ${good ? "better" : "worse"}`;
}
