/** Writes a claim as text. */
import { hypothesisId } from "../records/hypothesis.ts";
import { type Claim, type ClaimRegion, claimSchema, isBareClaimWord } from "./claim.ts";
import { parseClaim } from "./claim_parse.ts";

/**
 * The canonical text of a claim; `parseClaim` gives the same claim back.
 *
 * @throws {LanguageError} for an unknown measure or stratum, or a text longer than the parser reads
 * @throws {z.ZodError} for a value that is no claim
 */
export function printClaim(claim: Claim): string {
  const { regions, sign, metric, threshold, stratum } = claimSchema.parse(claim);
  const cases = Object.keys(stratum).sort().map((key) => `${key}=${word(stratum[key]!)}`);
  const text = [
    regions.map(printRegion).join(" & "),
    `=> ${sign} ${metric}`,
    ...(threshold === undefined ? [] : [`by ${threshold}`]),
    ...(cases.length === 0 ? [] : [`in ${cases.join(", ")}`]),
  ].join(" ");
  parseClaim(text);
  return text;
}

/** Registry id of a claim: the hash of its canonical text. */
export function claimId(claim: Claim): string {
  return hypothesisId(printClaim(claim));
}

function printRegion(region: ClaimRegion): string {
  switch (region.kind) {
    case "level":
      return `${region.level} ${region.parameter}`;
    case "compare":
      return `${region.parameter} ${region.op} ${region.value}`;
    case "between":
      return `${region.parameter} in [${region.low}, ${region.high}]`;
  }
}

const word = (text: string) => isBareClaimWord(text) ? text : JSON.stringify(text);
