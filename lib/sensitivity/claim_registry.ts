/** Claims compiled against a space and written down before they are tested; the specification's four come first. */
import { canonicalJson, contentHash } from "../base/canonical.ts";
import { Hypothesis, hypothesisId } from "../records/hypothesis.ts";
import { checkSpace, type SearchSpace } from "../records/space.ts";
import type { Claim } from "./claim.ts";
import { parseClaim } from "./claim_parse.ts";
import { printClaim } from "./claim_print.ts";
import { regionRanges } from "./claim_regions.ts";
import type { Region } from "./factorial.ts";
import type { InteractionClaim } from "./test_interaction.ts";

/** A claim ready for `testInteraction`. */
export interface CompiledClaim extends InteractionClaim {
  /** Registry id: the hash of `text` */
  readonly id: string;
  /** Canonical form */
  readonly text: string;
  /** Sorted; `regions` has one for each, in this order */
  readonly parameters: readonly string[];
  readonly metric: string;
  readonly stratum: Readonly<Record<string, string>>;
  /** Smallest effect worth the name; null where the claim leaves it to the test */
  readonly threshold: number | null;
  readonly space_hash: string;
}

/**
 * Compiles a claim, given as text or as data, for a space.
 *
 * @throws {LanguageError} with the column: see `parseClaim`
 * @throws {RangeError} for a bad space
 */
export function compileClaim(claim: string | Claim, space: SearchSpace): CompiledClaim {
  checkSpace(space);
  const read = parseClaim(typeof claim === "string" ? claim : printClaim(claim), space),
    text = printClaim(read);
  const regions = read.regions.map((region): Region => {
    const spec = space.find(({ name }) => name === region.parameter)!;
    return { parameter: region.parameter, ranges: regionRanges(spec, region) };
  });
  return {
    id: hypothesisId(text),
    text,
    parameters: regions.map(({ parameter }) => parameter),
    regions,
    sign: read.sign,
    metric: read.metric,
    stratum: read.stratum,
    threshold: read.threshold ?? null,
    space_hash: spaceHash(space),
  };
}

/** Who made a claim, where and why. */
export interface Provenance {
  readonly origin: Hypothesis["origin"];
  /** A section, an address, a study */
  readonly source: string;
  /** Id of the reasoning episode that made it */
  readonly episode?: string | undefined;
  readonly note?: string | undefined;
}

/** The registry record of a claim. @throws as {@link compileClaim}, and {z.ZodError} for an empty source */
export function registerClaim(
  claim: string | Claim,
  space: SearchSpace,
  { origin, source, episode, note }: Provenance,
): Hypothesis {
  const { regions, ...compiled } = compileClaim(claim, space);
  return Hypothesis.parse({
    record: "hypothesis/1",
    ...compiled,
    regions: regions.map(({ parameter, ranges }) => ({
      parameter,
      ranges: ranges.map(([low, high]) => [low, high]),
    })),
    origin,
    source,
    episode: episode ?? null,
    note: note ?? null,
  });
}

/**
 * Holds a registration to its text. The id is the hash of the text alone, so whatever else decides is read from the text again.
 *
 * @throws {RangeError} naming the field that says something else
 */
export function checkRegistration(hypothesis: Hypothesis, space: SearchSpace): void {
  const said = compileClaim(hypothesis.text, space);
  for (const field of ["parameters", "regions", "sign", "metric", "stratum", "threshold"] as const) {
    const found = canonicalJson(hypothesis[field]), wanted = canonicalJson(said[field]);
    if (found === wanted) continue;
    throw new RangeError(
      `Cannot test ${
        JSON.stringify(hypothesis.text)
      }: its registration has ${field} ${found} where its text says ${wanted}; ` +
        "it was changed after it was written: restore the line",
    );
  }
}

/** Hash of what regions depend on: names, bounds, scales and kinds, in order. Descriptions and defaults do not count. */
export function spaceHash(space: SearchSpace): string {
  return contentHash(
    space.map(({ name, low, high, scale, integer }) => ({ name, low, high, scale, integer })),
  );
}

/** The four interactions the specification says are known, as claims to be tested like any other. */
export const KNOWN_INTERACTIONS: readonly {
  readonly claim: string;
  readonly source: string;
  readonly note: string;
}[] = [
  {
    claim: "low pagerank_alpha & high boost_chat_file => worse",
    source: "spec, known interaction 1",
    note:
      "Low damping with a high chat boost is said to be tunnel vision: both anchor the ranking on the open files.",
  },
  {
    claim: "low depth_weight_deep & low pagerank_alpha => worse",
    source: "spec, known interaction 2",
    note:
      "Nested code is said to be penalised twice when both are low: less personalization and little rank from links.",
  },
  {
    claim: "high boost_temporal_coupling & high git_recency_max_boost => redundant in history=young",
    source: "spec, known interaction 3",
    note:
      "In a young repository nearly all coupled files are recent ones, so one boost is said to stand in for the other.",
  },
  {
    claim: "extreme focus_decay & extreme focus_max_hops => worse",
    source: "spec, known interaction 4",
    note:
      "Extreme values are said to create blind spots. Any pair of extremes counts, the corner of high decay and few hops too.",
  },
];

/** Registry records of {@link KNOWN_INTERACTIONS}. @throws {LanguageError} for a space without their parameters */
export function knownInteractions(space: SearchSpace): Hypothesis[] {
  return KNOWN_INTERACTIONS.map(({ claim, ...said }) =>
    registerClaim(claim, space, { origin: "spec", ...said })
  );
}
