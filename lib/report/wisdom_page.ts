/** Released wisdom as a Markdown page fit to be committed: every item with its verdict and interval, figures only. */
import type { Estimate } from "../records/evaluation.ts";
import type { Tested, Wisdom } from "../records/wisdom.ts";
import type { WisdomRelease } from "../records/wisdom_release.ts";
import { meanBefore, type VersionRow } from "./wisdom_versions.ts";

/** What the page is made from. */
export interface WisdomPage {
  /** Oldest first */
  readonly versions: readonly {
    readonly release: WisdomRelease;
    readonly wisdom: Wisdom;
    readonly row: VersionRow;
  }[];
  /** Command lines that made them, in order */
  readonly commands: readonly string[];
  /** Path of the figure from the page, where one was drawn */
  readonly figure: string | null;
}

const fixed = (x: number, digits = 4) => `${x < 0 ? "−" : ""}${Math.abs(x).toFixed(digits)}`;
const signed = (x: number) => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(4)}`;
const within = (e: Estimate) => `${signed(e.low)} – ${signed(e.high)}`;
const difference = (e: Estimate | null) => e === null ? ["", ""] : [signed(e.mean), within(e)];
const before = (next: VersionRow | undefined) => {
  const mean = meanBefore(next);
  return mean === null ? "" : fixed(mean);
};
const short = (e: Estimate | null) => e === null ? "" : `${signed(e.mean)} (${within(e)})`;

/** Text that stands in a cell: a bar would end it. */
const cell = (text: string) => text.replaceAll("|", "\\|").replace(/\s+/g, " ");
const code = (text: string) => `\`${cell(text)}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => i === 0 ? "---" : "---:")), ...rows.map(line)].join("\n");
}

/** Writes the page. */
export function wisdomPage({ versions, commands, figure }: WisdomPage): string {
  return [
    "# Measured: wisdom",
    "Versions of the wisdom under `data/wisdom`, each with the verdict and the 95 % interval of everything in it. Figures of public " +
    "repositories; nothing of their content. Differences are paired, in nDCG@10, averaged over seeds, commits and repositories.",
    ...(commands.length === 0 ? [] : ["Made by:\n\n```sh\n" + commands.join("\n") + "\n```"]),
    "## Versions",
    table(
      [
        "version",
        "nDCG@10",
        "95 %",
        "minus parent",
        "95 %",
        "sealed cases",
        "presets kept",
        "rules on",
        "warnings",
      ],
      versions.map(({ release, wisdom, row: { score, against_parent } }, i) => [
        release.version,
        score === null ? before(versions[i + 1]?.row) : fixed(score.mean),
        score === null ? "" : `${fixed(score.low)} – ${fixed(score.high)}`,
        ...difference(against_parent),
        score === null
          ? ""
          : `${score.n_cases} of ${score.n_repos} repositories${
            release.sealed === null ? "" : ` (${release.sealed.splits.join(", ")})`
          }`,
        String(wisdom.presets.filter(({ kept }) => kept).length),
        String(wisdom.heuristics.filter(({ default_on }) => default_on).length),
        String(wisdom.warnings.length),
      ]),
    ),
    "A version without sealed cases of its own stands at its successor's mean less the difference.",
    ...(figure === null ? [] : [`![nDCG@10 of each version with its interval](${figure})`]),
    ...versions.toReversed().flatMap(({ release, wisdom }) => versionSection(release, wisdom)),
  ].join("\n\n") + "\n";
}

function versionSection(release: WisdomRelease, wisdom: Wisdom): string[] {
  if (wisdom.presets.length + wisdom.heuristics.length + wisdom.warnings.length === 0) {
    return [`## ${release.version}`, wisdom.conclusion];
  }
  return [
    `## ${release.version}`,
    wisdom.conclusion,
    `Distilled by ${wisdom.agent} from ${
      wisdom.sources.map((s) => `${s.study} (${s.episodes} episodes, ${s.repositories.length} repositories)`)
        .join(", ")
    }; code ${release.code?.slice(0, 12) ?? "without a checkout"}${release.forced ? "; forced" : ""}.`,
    "### Presets",
    "Against the formula's defaults on the stratum's selection cases, which decide; beyond the tuned point on the same; on test cases.",
    table(
      ["preset", "for", "minus defaults", "95 %", "kept", "beyond tuned", "on test", "on lockbox"],
      wisdom.presets.map((p) => [
        p.name,
        code(p.stratum),
        ...difference(p.tested.effect),
        p.kept ? "yes" : "no",
        short(p.beyond_tuned),
        short(p.tested.test),
        short(p.tested.lockbox),
      ]),
    ),
    "### Rules",
    "Against the tuned point where the rule fires, on repositories it was written without; p is adjusted over all rules. " +
    "Elsewhere: the same moves where it does not fire.",
    table(
      [
        "rule",
        "verdict",
        "on",
        "effect",
        "95 %",
        "p",
        "commits",
        "repositories",
        "elsewhere",
        "on test",
        "on lockbox",
      ],
      wisdom.heuristics.map((h) => [
        code(h.text.replace(/ - .*$/, "")),
        h.tested.verdict,
        h.default_on ? "yes" : "no",
        ...difference(h.tested.effect),
        h.tested.p_adjusted === null ? "" : h.tested.p_adjusted.toFixed(4),
        ...sizes(h.tested),
        short(h.elsewhere),
        short(h.tested.test),
        short(h.tested.lockbox),
      ]),
    ),
    `All rules that are on, together: ${wisdom.default_on.verdict}. ${wisdom.default_on.reason}.${
      wisdom.default_on.lockbox === null
        ? ""
        : ` On the repositories kept aside: ${short(wisdom.default_on.lockbox)}.`
    }`,
    "### Warnings",
    "What two parameters do together beyond what each does alone, on train cases of one half of the repositories, replicated on the other.",
    table(
      ["claim", "verdict", "joint effect", "95 %"],
      wisdom.warnings.map((w) => [code(w.cites.claim ?? w.cites.id), w.status, ...difference(w.effect)]),
    ),
  ];
}

const sizes = ({ effect }: Tested): string[] =>
  effect === null ? ["", ""] : [String(effect.n_commits), String(effect.n_repos)];
