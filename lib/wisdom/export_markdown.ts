/** Wisdom as a page for operators: what to use when, what was found of it, and what nobody has tested. */
import type { Tested, Wisdom } from "../records/wisdom.ts";
import { describeEffect } from "./tested.ts";

/** Writes operator guidance in Markdown. Text of the record cannot open markup of its own. */
export function exportMarkdown(wisdom: Wisdom): string {
  const { presets, heuristics, warnings, intuitions, tuned } = wisdom;
  const kept = presets.filter((p) => p.kept), dropped = presets.filter((p) => !p.kept);
  const on = heuristics.filter((h) => h.default_on), off = heuristics.filter((h) => !h.default_on);
  return [
    `# Wisdom: ${plain(wisdom.name)}`,
    plain(wisdom.conclusion),
    "## The tuned point",
    `${plain(found(tuned.tested))} Episodes: ${ids(tuned.episodes)}.`,
    moved(wisdom, tuned.params, wisdom.defaults),
    "## Presets",
    ...(kept.length === 0 ? ["None was kept."] : kept.flatMap((preset) => presetSection(wisdom, preset))),
    ...section(
      "### Not kept",
      dropped.map((p) => `**${p.name}** (${code(p.stratum)}): ${plain(p.tested.reason)}`),
    ),
    "## Heuristics",
    ...section(
      "### On by default",
      on.map(rule),
      "None: no rule was shown to help on repositories it was not written from.",
    ),
    ...section("### Off", off.map(rule)),
    "## Warnings",
    list(
      warnings.map((w) =>
        `${code(w.text)} ${plain(w.status)}: ${plain(w.reason)}. Episodes: ${ids(w.episodes)}`
      ),
    ),
    "## Intuitions",
    list(
      intuitions.map((i) =>
        `${plain(i.sentence)} ${i.opinion ? "*Opinion.*" : `Evidence: ${ids(i.evidence)}`}`
      ),
    ),
    "## Where this comes from",
    list(
      wisdom.sources.map((source) =>
        `${plain(source.study)}: ${source.episodes} episodes on ${
          plain(source.repositories.map(({ name, head }) => `${name} at ${head.slice(0, 12)}`).join(", ")) ||
          "nothing"
        }`
      ),
    ),
    `Distilled by ${plain(wisdom.agent)}. Formula ${
      code(wisdom.formula_hash.slice(0, 12))
    }, query ${wisdom.query}.`,
  ].filter((block) => block !== "").join("\n\n") + "\n";
}

function presetSection(wisdom: Wisdom, preset: Wisdom["presets"][number]): string[] {
  const special = preset.beyond_tuned === null
    ? "Beyond the tuned point: not measured."
    : `Beyond the tuned point: ${describeEffect(preset.beyond_tuned)}.`;
  return [
    `### ${preset.name}`,
    `${plain(preset.description)} For cases where ${code(preset.stratum)}.`,
    `Against the defaults: ${plain(found(preset.tested))} ${special} Test cases: ${
      describeEffect(preset.tested.test)
    }. Episodes: ${ids(preset.episodes)}.`,
    moved(wisdom, preset.params, wisdom.tuned.params),
  ];
}

const found = (tested: Tested) => `${tested.verdict}: ${tested.reason}.`;

function rule(heuristic: Wisdom["heuristics"][number]): string {
  const { text, tested, elsewhere, origin, episodes, left_out } = heuristic;
  return `${code(text)} ${plain(found(tested))} On test cases: ${
    describeEffect(tested.test)
  }. The same moves where it does not fire: ${describeEffect(elsewhere)}. From ${origin}${
    left_out ? ", written without each repository that judged it" : ""
  }; episodes: ${ids(episodes)}`;
}

/** Values that differ between two points, as a list. */
function moved(
  wisdom: Wisdom,
  to: Readonly<Record<string, number>>,
  from: Readonly<Record<string, number>>,
): string {
  const names = Object.keys(wisdom.defaults).filter((name) => to[name] !== from[name]);
  return list(names.map((name) => `${code(name)} ${short(from[name]!)} → ${short(to[name]!)}`));
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

function section(title: string, items: readonly string[], nothing = ""): string[] {
  if (items.length === 0) return nothing === "" ? [] : [title, nothing];
  return [title, list(items)];
}

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

const ids = (list: readonly string[]): string => list.length === 0 ? "none" : list.map(code).join(", ");

/** Text between backticks, fenced by one more than it holds. */
function code(text: string): string {
  const one = text.replace(/\s+/g, " ");
  const ticks = "`".repeat(1 + Math.max(0, ...[...one.matchAll(/`+/g)].map(([run]) => run.length)));
  const pad = one.startsWith("`") || one.endsWith("`") ? " " : "";
  return `${ticks}${pad}${one}${pad}${ticks}`;
}

/** Text with everything escaped that Markdown or HTML would read. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>#|~&!]/g, (c) => `\\${c}`);
}
