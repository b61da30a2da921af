/** A certificate in words, for people and for whoever proposes the next structure. */
import type { Certificate, PairConstraint } from "./certificate.ts";
import { formatNumber } from "./print.ts";

/**
 * Says what a certificate means, in one or two sentences and a line for each pair of the core.
 *
 * Strength is part of the wording: "Proof" is one, "Not proven" is a grid's. File names are printed as they
 * stand in the snapshots; whoever puts the text into a page escapes it.
 * @param pairs the list the certificate was made from
 */
export function describeCertificate(certificate: Certificate, pairs: readonly PairConstraint[]): string {
  const { verdict, margin } = certificate, total = count(pairs.length);
  if (verdict === "orderable") return `One point orders ${total}; the reference evaluation confirms it.`;
  if (verdict === "undetermined") {
    return `Undetermined: no point was found that orders ${total}, and ${
      grid(certificate.resolution)
    } did not rule one out.`;
  }
  const core = certificate.core.map((p) => pairs[p]!), all = core.length === 1 ? "" : " together";
  const claim = certificate.method === "proof"
    ? `Proof: no point of the space orders ${count(core.length)}${all}`
    : `Not proven: nowhere on ${grid(certificate.resolution!)} does any value of the others order ${
      count(core.length)
    }${all}`;
  const rest = core.length === 1
    ? ""
    : certificate.irreducible === "witnessed"
    ? " Without any one of them the rest can be ordered."
    : " None of them could be left out by the same method.";
  const lines = core.map(({ input, target, distractor }, k) => {
    const { files } = input.snapshot, share = certificate.shares?.[k];
    const seed = files[input.query.seed]!;
    return `- from ${seed}: ${files[target]!} above ${files[distractor]!}${
      share === undefined || core.length === 1 ? "" : ` (share ${formatNumber(share)})`
    }`;
  });
  const shares = certificate.shares && core.length > 1
    ? " The mean of their log gaps with the shares below stays short everywhere."
    : "";
  const drawn = certificate.resolution?.draws;
  const besides = drawn === undefined ? "" : `, nor does any of ${drawn} points drawn from the whole space`;
  return `${claim} by a factor of more than 1 + ${margin}${besides}.${rest}${shares}\n${lines.join("\n")}`;
}

function count(pairs: number): string {
  return pairs === 1 ? "the pair" : `all ${pairs} pairs`;
}

function grid({ points, parameters }: { points: number; parameters: readonly string[] }): string {
  return `a grid of ${points} points over ${parameters.length > 0 ? parameters.join(", ") : "no parameter"}`;
}
