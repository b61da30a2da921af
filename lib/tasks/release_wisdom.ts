/** `deno task release-wisdom`: a version of the wisdom, scored against the one before and never changed again. */
import { canonicalJson } from "../base/canonical.ts";
import { PROJECT_ROOT } from "../base/paths.ts";
import { Arena } from "../engine/arena.ts";
import type { Split } from "../records/case.ts";
import type { Wisdom } from "../records/wisdom.ts";
import { runGit } from "../repo/git.ts";
import { readStudy } from "../study/config.ts";
import { KIT_VERSION } from "../study/manifest.ts";
import { exportMarkdown } from "../wisdom/export_markdown.ts";
import { exportRust } from "../wisdom/export_rust.ts";
import { draftRelease } from "../wisdom/release.ts";
import {
  FIRST_VERSION,
  listVersions,
  readBundle,
  RELEASES_DIR,
  specWisdom,
  writeBundle,
} from "../wisdom/releases.ts";
import { describeEffect } from "../wisdom/tested.ts";
import { type Command, type Invocation, oneOf, type Outcome, runCommand, UsageError } from "./command.ts";
import { withManifest } from "./run.ts";
import { DISTILLERS, distillStudies, openStudies, readStudyWisdom, sourceOf } from "./wisdom_studies.ts";

export const RELEASE_WISDOM: Command = {
  name: "release-wisdom",
  summary:
    "Releases a version of the wisdom as an immutable bundle under data/wisdom/, scored against the version before it.",
  positional: "vX.Y",
  options: {
    from: {
      type: "string",
      multiple: true,
      value: "STUDY",
      help: "study behind it; without one only the specification's v1.0 can be released",
    },
    agent: {
      type: "string",
      value: DISTILLERS.join("|"),
      help: "who distils a study that was not distilled yet (analyst)",
    },
    lockbox: { type: "boolean", help: "score on the repositories kept aside as well" },
    force: { type: "boolean", help: "release it although it is worse than its parent" },
  },
  examples: [
    "deno task release-wisdom v1.0",
    "deno task release-wisdom v1.1 --from quick",
    "deno task release-wisdom v1.2 --from a --from b --lockbox --json",
  ],
  notes:
    "Scores are taken on the studies' test cases, which nothing was chosen on. A version that is worse than its parent with the whole interval below 0 is refused unless forced.",
};

async function codeCommit(): Promise<string | null> {
  try {
    return (await runGit(PROJECT_ROOT, ["rev-parse", "HEAD"])).trim();
  } catch {
    // A copy of the kit without its history has no commit to name.
    return null;
  }
}

/** Files of a bundle beside the record. */
const extrasOf = (wisdom: Wisdom) => ({
  "wisdom.md": exportMarkdown(wisdom),
  "presets.rs": exportRust(wisdom),
});

async function releaseFirst(version: string, dir: string): Promise<Outcome> {
  if (version !== FIRST_VERSION) {
    throw new UsageError(
      `${version} needs the studies behind it: give --from STUDY, or release ${FIRST_VERSION} first`,
    );
  }
  const wisdom = specWisdom();
  const { release } = writeBundle({
    release: {
      version,
      parent: null,
      kit: KIT_VERSION,
      code: await codeCommit(),
      learned: ["the specification's defaults"],
      sealed: null,
      score: null,
      against_parent: null,
      forced: false,
    },
    wisdom,
    extras: extrasOf(wisdom),
  }, dir);
  return { json: { release }, text: `released ${version}: the specification's defaults` };
}

/** Releases as the command line says. */
export async function releaseWisdom(invocation: Invocation, dir: string = RELEASES_DIR): Promise<Outcome> {
  const { values, positionals } = invocation, [version] = positionals;
  if (version === undefined) {
    throw new UsageError("no version: name it, as in deno task release-wisdom v1.1 --from quick");
  }
  const from = (values["from"] ?? []) as string[];
  const parents = listVersions(dir);
  if (parents.includes(version)) {
    throw new RangeError(
      `Wisdom ${version} is released and stays as it is: choose a version above ${parents.at(-1)}`,
    );
  }
  if (from.length === 0) return await releaseFirst(version, dir);
  const splits: Split[] = ["test", ...(values["lockbox"] === true ? ["lockbox" as const] : [])];
  return await withManifest(readStudy(from[0]!), invocation, { splits }, async () => {
    const opened = await openStudies(from, invocation);
    const { studies, corpora, history } = opened;
    const wisdom = await distilled(from, invocation, opened);
    const { config } = studies[0]!;
    const arena = Arena.load(corpora, { splits, mode: config.query, labels: config.labels });
    const parent = parents.at(-1);
    const named: Wisdom = { ...wisdom, name: version };
    const { release } = writeBundle({
      release: draftRelease({
        version,
        wisdom: named,
        parent: parent === undefined ? null : { version: parent, wisdom: readBundle(parent, dir).wisdom },
        sealed: { arena, history },
        seed: config.seed,
        kit: KIT_VERSION,
        code: await codeCommit(),
        force: values["force"] === true,
      }),
      wisdom: named,
      extras: extrasOf(named),
    }, dir);
    return {
      json: { release, conclusion: wisdom.conclusion },
      text: [
        `released ${version}${release.forced ? " although it is worse than its parent" : ""}`,
        ...release.learned.map((line) => `  ${line}`),
        `score ${
          release.score === null ? "not measured" : release.score.mean.toFixed(4)
        } nDCG@10 on sealed cases, against ${release.parent ?? "nothing"}: ${
          describeEffect(release.against_parent)
        }`,
        wisdom.conclusion,
      ].join("\n"),
    };
  });
}

/** The studies' wisdom as it was distilled, or distilled now where it is of other studies or not there. */
async function distilled(
  from: readonly string[],
  invocation: Invocation,
  opened: Awaited<ReturnType<typeof openStudies>>,
): Promise<Wisdom> {
  const wanted = canonicalJson(opened.studies.map(sourceOf));
  try {
    const known = readStudyWisdom(from[0]!);
    if (canonicalJson(known.sources) === wanted) return known;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    invocation.progress.say(`${from[0]} is distilled now: ${error.message}`);
  }
  const agent = oneOf(invocation.values, "agent", DISTILLERS, "analyst");
  return (await distillStudies(from, invocation, { agent }, opened)).wisdom;
}

if (import.meta.main) await runCommand(RELEASE_WISDOM, (invocation) => releaseWisdom(invocation));
