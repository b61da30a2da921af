/** `deno task certify`: whether tuning can mend failed rankings at all, or which of them no point of the formula orders. */
import { certifyOrder } from "../formula/certificate.ts";
import { describeCertificate } from "../formula/describe_certificate.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { evaluateFormula } from "../ranker/evaluate.ts";
import { studyDir } from "../study/config.ts";
import { failedPairs } from "../study/inspect_failures.ts";
import { type Command, type Invocation, type Outcome, runCommand, wholeNumber } from "./command.ts";
import { PARAMS_OPTION, readTuned } from "./formula_options.ts";
import { withManifest } from "./run.ts";
import { corporaOf, formulaOfStudy, goesOn, STUDY_OPTIONS, studyOf } from "./study_options.ts";

export const CERTIFY: Command = {
  name: "certify",
  summary:
    "Decides whether tuning can mend failed rankings: whether some point of a formula's space puts each expected file above the one that beats it, all at once.",
  options: {
    ...STUDY_OPTIONS,
    formula: {
      type: "string",
      value: "NAME|FILE",
      help:
        "formula to certify: a built-in, a JSON file, or a study's structure.json or trained.json, with the point in it (the study's own)",
    },
    params: {
      ...PARAMS_OPTION,
      help: `where its failures are taken: ${PARAMS_OPTION.help}`,
    },
    pairs: {
      type: "string",
      value: "N",
      help: "pairs of an expected file and one above it, one a train case, worst cases first (6)",
    },
    boxes: {
      type: "string",
      value: "N",
      help: "boxes of the space bounded in a proof: more look harder (200)",
    },
  },
  examples: [
    "deno task certify --study my-project",
    "deno task certify --study my-project --formula decayed --pairs 12",
    "deno task certify --study my-project --formula results/my-project/structure.json",
    "deno task certify --study my-project --formula results/my-project/trained.json --boxes 1000",
  ],
  notes:
    "Pairs are failures of the formula at its point, on train cases alone. With --study alone the study stays as it is, whatever formula " +
    "is certified; its manifests say that it was.\n" +
    "Proof: bounds over the whole space rule every point out, so only a change of structure can help. Not proven: ruled out on a grid " +
    "and by points drawn from the space. Orderable: one point orders all pairs, and --json prints it. Undetermined: so many boxes decide nothing.",
};

/** Points of the space tried before a grid's verdict is given: of sets that a grid rules out every other one is ordered by some. */
const DRAWS = 256;

/** Runs the task. */
export async function certify(invocation: Invocation): Promise<Outcome> {
  const { values, blocking } = invocation;
  const most = wholeNumber(values, "pairs", 6), boxes = wholeNumber(values, "boxes", 200);
  // Read before a study is made: what cannot be meant leaves nothing behind.
  const { formula, point } = readTuned(values, "formula", formulaOfStudy(invocation));
  const config = await studyOf(
    goesOn(values) ? { ...invocation, values: { ...values, formula: undefined } } : invocation,
  );
  const inputs = { "certified formula": formulaHash(formula) };
  return await withManifest(config, invocation, { splits: ["train"], point, inputs }, async () => {
    const corpora = await corporaOf(config, invocation);
    const pairs = failedPairs({ config, dir: studyDir(config.name), corpora }, { formula, point }, most);
    const certificate = blocking(() =>
      certifyOrder(formula, pairs, { mode: config.query, evaluate: evaluateFormula, boxes, draws: DRAWS })
    );
    return {
      json: {
        study: config.name,
        formula: formula.name,
        pairs: pairs.map(({ input: { snapshot, query }, target, distractor }) => ({
          case_id: query.case_id,
          seed_file: snapshot.files[query.seed]!,
          target: snapshot.files[target]!,
          distractor: snapshot.files[distractor]!,
        })),
        certificate,
      },
      text: pairs.length === 0
        ? `${formula.name} puts every expected file of the train cases first: nothing to certify`
        : describeCertificate(certificate, pairs),
    };
  });
}

if (import.meta.main) await runCommand(CERTIFY, certify);
