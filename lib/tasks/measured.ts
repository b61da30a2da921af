/** `deno task measured`: a study's figures as Markdown fit to be committed: numbers and repository names, no paths, subjects or code. */
import { basename, isAbsolute, join } from "node:path";
import { writeTextAtomic } from "../base/artefacts.ts";
import { PROJECT_ROOT } from "../base/paths.ts";
import { printFormula } from "../formula/print.ts";
import type { Manifest } from "../records/manifest.ts";
import { readStudyFacts, type StudyFacts } from "../study/facts.ts";
import { countFiled, filedSentence } from "../study/filed.ts";
import {
  NEVER_COCHANGED,
  NEVER_COCHANGED_AMONG_ALL,
  NEVER_COCHANGED_SENTENCE,
  type Row,
} from "../study/rankers.ts";
import { readCeiling } from "../study/ceiling_file.ts";
import { suspicions } from "../study/leak_line.ts";
import { OBJECTIVES, readStructure } from "../study/structure_file.ts";
import type { SplitTable } from "../study/table.ts";
import { type Command, runCommand, UsageError } from "./command.ts";
import { ceilingMarkdown } from "./measured_ceiling.ts";
import { leaksMarkdown } from "./measured_leaks.ts";
import { markdownTable, signed, three, within } from "./measured_numbers.ts";
import { structureMarkdown } from "./measured_structure.ts";
import { summaryMarkdown } from "./measured_summary.ts";

export const MEASURED: Command = {
  name: "measured",
  summary:
    "Writes a study's figures as Markdown that may be committed: numbers and names of repositories, nothing of their content.",
  positional: "STUDY",
  options: {
    study: { type: "string", value: "NAME", help: "the same as STUDY" },
    summary: {
      type: "string",
      value: "STUDY",
      help: "write data/measured/summary.md for the README instead, with this study's message mode beside",
    },
    out: { type: "string", value: "FILE", writes: "file", help: "file to write (data/measured/STUDY.md)" },
  },
  examples: [
    "deno task measured ten",
    "deno task measured ten --summary ten-message",
    "deno task measured ten --out data/measured/ten.md",
  ],
};

/** Command lines of finished runs, each once, in order; files by their names, since places on a machine mean nothing elsewhere. */
export function commandLines(manifests: readonly Manifest[]): string[] {
  const lines = manifests.filter((m) => m.state === "finished").map((m) =>
    `deno task ${m.command.map((a) => isAbsolute(a) ? basename(a) : a).join(" ")}`
  );
  return [...new Set(lines)];
}

/** One split as a Markdown table. */
export function splitMarkdown(t: SplitTable, reference: string): string {
  const mean = (r: Row, name: string) => three(r.means[name]?.estimate);
  const detectable = t.detectable === null
    ? ""
    : ` Differences above ${three(t.detectable)} can be told from chance.`;
  return `${t.n_cases} cases of ${t.n_commits} commits in ${t.n_repos} repositories.${detectable}\n\n` +
    markdownTable(
      [
        "ranker",
        "nDCG@10",
        "95 %",
        "MRR",
        "P@10",
        "R@10",
        "MAP",
        "Hit@10",
        "never co-changed",
        "among all",
        `minus ${reference.replaceAll("_", " ")}`,
        "95 %",
      ],
      t.rows.map((r) => [
        r.ranker.replaceAll("_", " "),
        mean(r, "ndcg@10"),
        within(r.means["ndcg@10"]),
        ...["rr", "p@10", "r@10", "ap", "hit@10", NEVER_COCHANGED, NEVER_COCHANGED_AMONG_ALL].map((name) =>
          mean(r, name)
        ),
        r.difference ? signed(r.difference.estimate) : "",
        r.difference ? `${signed(r.difference.low)} – ${signed(r.difference.high)}` : "",
      ]),
    );
}

function repositoriesMarkdown(t: SplitTable): string {
  const repos = Object.keys(t.rows[0]!.repositories).sort();
  return markdownTable(
    ["nDCG@10", ...t.rows.map((r) => r.ranker.replaceAll("_", " "))],
    repos.map((repo) => [
      repo,
      ...t.rows.map((r) => three(r.repositories[repo])),
    ]),
  );
}

/** A study's figures as Markdown. */
export function measuredMarkdown(facts: StudyFacts): string {
  const { config } = facts;
  const commands = commandLines(facts.manifests);
  const last = facts.manifests.at(-1);
  const parts = [
    `# Measured: study ${config.name}`,
    "Figures of public repositories; nothing of their content. Query mode: " +
    `${config.query}. Labels: ${config.labels}. Seed: ${config.seed}. ` +
    `nDCG@10 is averaged over the seeds of a commit, then commits, then repositories; intervals resample commits. ${NEVER_COCHANGED_SENTENCE}`,
    "Made by:\n\n```sh\n" + commands.join("\n") + "\n```",
    `Code ${last?.code.commit?.slice(0, 12) ?? "without a checkout"}${
      last?.code.dirty ? " with changes" : ""
    }; ` +
    Object.entries(last?.versions ?? {}).map(([name, v]) => `${name} ${v}`).join(", ") + ".",
    "## Cases",
    markdownTable(
      ["repository", "head", "role", "train", "selection", "test", "lockbox"],
      config.repositories.map((r) => {
        const own = facts.cases.filter((c) => c.repo === r.name);
        const count = (split: string) => String(own.filter((c) => c.split === split).length);
        return [
          r.name,
          r.head.slice(0, 12),
          r.role,
          count("train"),
          count("selection"),
          count("test"),
          count("lockbox"),
        ];
      }),
    ),
    filedSentence(countFiled(facts.cases)),
  ].filter((part) => part !== "");
  for (const t of facts.tables ?? []) {
    parts.push(`## Rankers on ${t.split} cases`, splitMarkdown(t, "defaults"));
  }
  const test = facts.tables?.find((t) => t.split === "test");
  if (test) parts.push("## By repository, test cases", repositoriesMarkdown(test));
  if (facts.trained?.episode) {
    parts.push(
      "## Trained by reasoning",
      `${facts.trained.n_episodes} episodes.`,
      "```text\n" + printFormula(facts.trained.formula, facts.trained.params) + "\n```",
    );
  }
  const structure = readStructure(config.name);
  for (const objective of OBJECTIVES) {
    const searched = objective === "all" ? structure : readStructure(config.name, objective);
    if (!searched) continue;
    parts.push(
      ...structureMarkdown(searched, objective, { split: splitMarkdown, repositories: repositoriesMarkdown }),
    );
  }
  const ceiling = readCeiling(config.name);
  if (ceiling) parts.push(...ceilingMarkdown(ceiling, splitMarkdown));
  parts.push(...leaksMarkdown(suspicions(facts, structure, ceiling?.tables)));
  return parts.join("\n\n") + "\n";
}

if (import.meta.main) {
  await runCommand(MEASURED, ({ values, positionals }) => {
    const study = positionals[0] ?? values["study"] as string | undefined;
    if (study === undefined) throw new UsageError("no study: name one, as in deno task measured ten");
    const spoken = values["summary"] as string | undefined;
    if (spoken !== undefined) {
      const summary = join(PROJECT_ROOT, "data", "measured", "summary.md");
      writeTextAtomic(summary, summaryMarkdown(readStudyFacts(study), readStudyFacts(spoken)));
      return Promise.resolve({ json: { study, file: summary }, text: summary });
    }
    const file = values["out"] as string | undefined ?? join(PROJECT_ROOT, "data", "measured", `${study}.md`);
    writeTextAtomic(file, measuredMarkdown(readStudyFacts(study)));
    return Promise.resolve({ json: { study, file }, text: file });
  });
}
