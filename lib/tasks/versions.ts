/** `deno task versions`: every released version of the wisdom, what it learned, and its score. */
import { dirname, join, relative } from "node:path";
import { writeTextAtomic } from "../base/artefacts.ts";
import { resultsDir } from "../base/paths.ts";
import { Arena } from "../engine/arena.ts";
import { type VersionRow, versionsFigure, versionsTable } from "../report/wisdom_versions.ts";
import { wisdomPage } from "../report/wisdom_page.ts";
import { listStudies, studyDir } from "../study/config.ts";
import { readManifests } from "../study/runs.ts";
import { sealedDifference, sealedScore } from "../wisdom/release.ts";
import { type Bundle, listVersions, readBundle, RELEASES_DIR } from "../wisdom/releases.ts";
import { type Command, type Invocation, type Outcome, runCommand } from "./command.ts";
import { commandLines } from "./measured.ts";
import { openStudies } from "./wisdom_studies.ts";

export const VERSIONS: Command = {
  name: "versions",
  summary:
    "Lists the released versions of the wisdom with what each learned and scored, and draws the scores.",
  options: {
    on: {
      type: "string",
      multiple: true,
      value: "STUDY",
      help: "score every version anew on the test cases of this study, all alike",
    },
    figure: {
      type: "string",
      value: "FILE",
      writes: "file",
      help: "where the figure goes (results/wisdom-versions.svg)",
    },
    page: {
      type: "string",
      value: "FILE",
      writes: "file",
      help: "also write every version's items with verdicts and intervals as Markdown fit to be committed",
    },
  },
  examples: [
    "deno task versions",
    "deno task versions --on quick --figure versions.svg",
    "deno task versions --page data/measured/wisdom.md --figure data/measured/figures/wisdom-versions.svg",
    "deno task versions --json",
  ],
  notes:
    "Without --on each score is the one taken at its release, on the cases of its own studies: compare such scores only through the differences from the parent.",
};

/** Lists versions as the command line says. */
export async function versions(invocation: Invocation, dir: string = RELEASES_DIR): Promise<Outcome> {
  const { values } = invocation;
  const bundles = listVersions(dir).map((version) => readBundle(version, dir));
  const on = (values["on"] ?? []) as string[];
  const rows = on.length === 0 ? bundles.map(asReleased) : await scoredOn(on, bundles, invocation);
  const caption = on.length === 0
    ? "scores as taken at each release, on its own studies' test cases"
    : `all scored on the test cases of ${on.join(", ")}`;
  const shown = versionsTable(rows, { caption }), drawn = versionsFigure(rows);
  let figureFile: string | null = null;
  if (drawn !== undefined) {
    figureFile = String(values["figure"] ?? join(resultsDir(), "wisdom-versions.svg"));
    writeTextAtomic(figureFile, drawn.svg);
  }
  const page = values["page"] as string | undefined;
  if (page !== undefined) {
    writeTextAtomic(page, pageOf(bundles, rows, figureFile && relative(dirname(page), figureFile)));
  }
  return {
    json: { versions: rows, figure: figureFile, page: page ?? null },
    text: rows.length === 0
      ? "no version was released yet: start with deno task release-wisdom v1.0"
      : `${shown.text}${figureFile === null ? "" : `\nfigure: ${figureFile}`}${
        page === undefined ? "" : `\npage: ${page}`
      }`,
  };
}

/** The page, with the command lines of those studies behind the versions that are on this machine. */
function pageOf(bundles: readonly Bundle[], rows: readonly VersionRow[], figure: string | null): string {
  const studies = new Set(bundles.flatMap(({ wisdom }) => wisdom.sources.map(({ study }) => study)));
  const here = new Set(listStudies());
  const commands = [...studies].filter((name) => here.has(name))
    .flatMap((name) => commandLines(readManifests(studyDir(name))));
  return wisdomPage({
    versions: bundles.map(({ release, wisdom }, i) => ({ release, wisdom, row: rows[i]! })),
    commands: [...new Set(commands)],
    figure,
  });
}

function asReleased({ release }: Bundle): VersionRow {
  const { version, parent, score, against_parent, learned, forced } = release;
  return { version, parent, score, against_parent, learned, forced };
}

async function scoredOn(
  studies: readonly string[],
  bundles: readonly Bundle[],
  invocation: Invocation,
): Promise<VersionRow[]> {
  const opened = await openStudies(studies, invocation);
  const { config } = opened.studies[0]!;
  const arena = Arena.load(opened.corpora, { splits: ["test"], mode: config.query, labels: config.labels });
  const sealed = { arena, history: opened.history };
  return bundles.map((bundle, i) => {
    invocation.progress.step("scoring versions", i, bundles.length);
    const parent = bundles.find(({ release }) => release.version === bundle.release.parent);
    return {
      ...asReleased(bundle),
      score: sealedScore(sealed, bundle.wisdom, config.seed),
      against_parent: parent === undefined
        ? null
        : sealedDifference(sealed, bundle.wisdom, parent.wisdom, config.seed),
    };
  });
}

if (import.meta.main) await runCommand(VERSIONS, (invocation) => versions(invocation));
