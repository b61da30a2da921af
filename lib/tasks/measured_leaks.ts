/** The part of a study's measured figures that answers for repositories which are ranked suspiciously well. */
import { type CaseShape, LEAK_LINE, type Suspicion } from "../study/leak_line.ts";
import { markdownTable, three } from "./measured_numbers.ts";

const LINE = LEAK_LINE.toFixed(2).replace(/^0/, "");

const LEAD = `nDCG@10 above ${LINE} is taken for a leak until proven otherwise. ` +
  "Had tuning seen the cases it is judged on, the figure would fall where the repository is left out of tuning. Had a signal seen the commit, " +
  "its ranker would stand far above those that read nothing but the paths of the parent tree; that features and labels stay the same, bit for " +
  "bit, in a repository cut off at the commit is held by `tests/laws/time_test.ts`, and can be seen of each repository with " +
  "`bench/cut_off.ts`. What this study knows:";

const words = (ranker: string) => ranker.replaceAll("_", " ");
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** Sections in Markdown; none where no repository is above the line. */
export function leaksMarkdown(suspicions: readonly Suspicion[]): string[] {
  if (suspicions.length === 0) return [];
  return [`## Repositories above ${LINE}`, LEAD, ...suspicions.flatMap(repositoryMarkdown)];
}

function repositoryMarkdown(suspicion: Suspicion): string[] {
  const { repository, split, shape, standings, left_out, controls } = suspicion;
  return [
    `### ${repository}, ${split} cases`,
    [shapeSentence(shape, split), ...bestSentence(suspicion), ...missingSentence(suspicion)].join(" "),
    markdownTable(["ranker", "nDCG@10 there"], [
      ...standings.map(({ ranker, value }) => [words(ranker), three(value)]),
      ...(left_out
        ? [[`${words(left_out.ranker)}, tuned without the repository`, three(left_out.value)]]
        : []),
      ...controls.map(({ ranker, value }) => [`control: trained on ${ranker} evidence`, three(value)]),
    ]),
  ];
}

function shapeSentence(s: CaseShape, split: string): string {
  return `${s.cases} ${split} cases of ${s.commits} commits, ${s.expected.toFixed(1)} files expected among ${
    s.candidates.toFixed(0)
  }; ${percent(s.same_folder)} of the expected stand in the seed's folder, ${
    percent(s.namesakes)
  } are its namesakes there (a file and its test), and ${
    percent(s.coupled)
  } had changed together with it before.`;
}

function bestSentence({ best: { tuned, untuned, paths } }: Suspicion): string[] {
  const reached = [
    ...(untuned
      ? [`a ranker tuned on nothing reaches ${three(untuned.value)} (${words(untuned.ranker)})`]
      : []),
    ...(paths ? [`one that reads paths alone ${three(paths.value)} (${words(paths.ranker)})`] : []),
  ];
  return !tuned || reached.length === 0
    ? []
    : [`Where ${words(tuned.ranker)} has ${three(tuned.value)}, ${reached.join(", and ")}.`];
}

/** What would be evidence and was not looked for. */
function missingSentence({ split, left_out, controls }: Suspicion): string[] {
  const missing = [
    ...(left_out || split === "lockbox" ? [] : ["tuning without it"]),
    ...(controls.length > 0 || split === "lockbox" ? [] : ["a control"]),
  ];
  return missing.length === 0 ? [] : [`Not tried in this study: ${missing.join(", ")}.`];
}

/** The same in a sentence for the README, from both query modes; nothing where no repository is above the line. */
export function leaksSentence(seed: readonly Suspicion[], message: readonly Suspicion[]): string {
  const said = [
    ...seed.map((suspicion) => ({ suspicion, before: "" })),
    ...message.map((suspicion) => ({ suspicion, before: "with the subject " })),
  ];
  return [...Map.groupBy(said, ({ suspicion }) => suspicion.repository)].map(([repository, own]) => {
    const figures = own.map(({ suspicion: { standings, best }, before }) =>
      `${before}${three((best.tuned ?? standings.toSorted((a, b) => b.value - a.value)[0])?.value)}`
    );
    const { untuned, paths } = own[0]!.suspicion.best;
    const alone = [untuned, paths].flatMap((f) => f ? [`${three(f.value)} (${words(f.ranker)})`] : []);
    const reached = alone.length === 0 ? "" : `, where rankers tuned on nothing reach ${alone.join(" and ")}`;
    return ` ${repository} stands above it (${figures.join(", ")})${reached}: the pages below take it apart.`;
  }).join("");
}
