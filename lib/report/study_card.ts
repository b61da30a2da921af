/** What a notebook works on, and what it came from: its first and its last output. */
import { SPLITS } from "../records/case.ts";
import { makeManifest } from "../study/manifest.ts";
import type { OpenStudy } from "../study/open.ts";
import { SAMPLE_NAME, SAMPLE_NOTICE } from "../study/sample_repository.ts";
import { note } from "./sentences.ts";
import { table } from "./table.ts";
import { counted } from "./values.ts";
import { stackViews, type View } from "./view.ts";

/** Whether a study looks at the generated sample. */
export function isSample({ config }: Pick<OpenStudy, "config">): boolean {
  return config.repositories.some(({ name }) => name === SAMPLE_NAME);
}

/** The study in a table of its repositories and cases; the notice where it looks at the sample. */
export function studyCard(study: OpenStudy): View {
  const { config, corpora } = study;
  const rows = corpora.map(({ meta, cases }) => ({
    repository: meta.role === "feedback" ? `${meta.repo}, filed rankings` : meta.repo,
    head: meta.head.slice(0, 12),
    "teaching commits": meta.n_teaching,
    cases: meta.n_cases,
    ...Object.fromEntries(
      SPLITS.filter((split) => corpora.some((c) => c.cases.some((one) => one.split === split)))
        .map((split) => [split, cases.filter((c) => c.split === split).length]),
    ),
  }));
  const caption =
    `formula ${config.formula.name}, query ${config.query}, labels ${config.labels}, seed ${config.seed}`;
  return stackViews([
    table(rows, {
      title: `Study ${config.name}: ${counted(rows.length, "repository", "repositories")}`,
      caption,
    }),
    ...(isSample(study) ? [note(SAMPLE_NOTICE)] : []),
  ]);
}

/** Where a notebook's numbers come from: code, versions, study and hashes of its inputs. `more` adds rows. */
export async function provenance(
  { config, corpora }: OpenStudy,
  more: Readonly<Record<string, string>> = {},
): Promise<View> {
  const { code, versions, inputs, lock_hash } = await makeManifest(config, {
    run: "notebook",
    state: "finished",
    command: ["notebook"],
    splits: [],
    inputs: Object.fromEntries(corpora.map(({ meta }) => [`cases ${meta.repo}`, meta.cases_hash])),
  });
  const facts: Record<string, string> = {
    study: config.name,
    code: code.commit === null
      ? "not a checkout"
      : code.commit.slice(0, 12) + (code.dirty ? ", with changes" : ""),
    deno: versions["deno"] ?? "unknown",
    "lock file": lock_hash?.slice(0, 12) ?? "none",
    ...Object.fromEntries(
      Object.entries(inputs).map((
        [name, hash],
      ) => [name === "study" ? "study hash" : name, hash.slice(0, 12)]),
    ),
    ...more,
  };
  return stackViews([
    table(Object.entries(facts).map(([name, value]) => ({ name, value })), {
      title: "Provenance",
      limit: 60,
    }),
    ...(isSample({ config }) ? [note(SAMPLE_NOTICE)] : []),
  ]);
}
