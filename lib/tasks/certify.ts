/** `deno task certify`: whether tuning can mend failed rankings at all, or which of them no point of the formula orders. */
import { certifyOrder } from "../formula/certificate.ts";
import { describeCertificate } from "../formula/describe_certificate.ts";
import { evaluateFormula } from "../ranker/evaluate.ts";
import { studyDir } from "../study/config.ts";
import { failedPairs } from "../study/inspect_failures.ts";
import { type Command, type Invocation, type Outcome, runCommand, wholeNumber } from "./command.ts";
import { withManifest } from "./run.ts";
import { corporaOf, PARAMS_OPTION, readPoint, STUDY_OPTIONS, studyOf } from "./study_options.ts";

export const CERTIFY: Command = {
  name: "certify",
  summary:
    "Decides whether any point of the formula puts every expected file above a distractor that beats it.",
  options: {
    ...STUDY_OPTIONS,
    params: PARAMS_OPTION,
    pairs: {
      type: "string",
      value: "N",
      help: "failed pairs of train cases, one a case, worst cases first (6)",
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
  ],
  notes:
    "Proof: bounds over the whole space rule every point out, so only a change of structure can help. Not proven: ruled out on a grid " +
    "alone. Orderable: the point found is printed with --json. Only train cases are looked at.",
};

/** Runs the task. */
export async function certify(invocation: Invocation): Promise<Outcome> {
  const { values, blocking } = invocation;
  const most = wholeNumber(values, "pairs", 6), boxes = wholeNumber(values, "boxes", 200);
  const config = await studyOf(invocation), { formula } = config;
  const point = readPoint(formula, values["params"] as string | undefined);
  return await withManifest(config, invocation, { splits: ["train"], point }, async () => {
    const corpora = await corporaOf(config, invocation);
    const pairs = failedPairs({ config, dir: studyDir(config.name), corpora }, { formula, point }, most);
    const certificate = blocking(() =>
      certifyOrder(formula, pairs, { mode: config.query, evaluate: evaluateFormula, boxes })
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
