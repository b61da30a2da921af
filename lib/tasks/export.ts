/** `deno task export`: the wisdom of a study or a version in the form another tool reads. */
import { writeTextAtomic } from "../base/artefacts.ts";
import { VERSION_PATTERN } from "../records/wisdom_release.ts";
import type { Wisdom } from "../records/wisdom.ts";
import { readFailures, readScratchpad, specScratchpad } from "../scratchpad/mod.ts";
import { readStudy, studyDir } from "../study/config.ts";
import { exportMarkdown } from "../wisdom/export_markdown.ts";
import { exportRust } from "../wisdom/export_rust.ts";
import { exportDistilled, exportPoint } from "../wisdom/export_spec.ts";
import { exportToml } from "../wisdom/export_toml.ts";
import { findWisdom, indented } from "../wisdom/releases.ts";
import { type Command, oneOf, runCommand, UsageError } from "./command.ts";
import { readStudyWisdom } from "./wisdom_studies.ts";

/** Forms there are. */
export const FORMATS = ["wisdom", "scratchpad", "point", "rust", "toml", "markdown"] as const;
export type Format = typeof FORMATS[number];

export const EXPORT: Command = {
  name: "export",
  summary: "Writes the wisdom of a study or a released version in the form another tool reads.",
  positional: "STUDY|VERSION",
  options: {
    format: {
      type: "string",
      value: FORMATS.join("|"),
      help:
        "wisdom.json, the spec's scratchpad.json, a ParameterPoint, ripmap's presets in Rust, TOML, or guidance (wisdom)",
    },
    preset: { type: "string", value: "NAME", help: "the preset a point is of (the tuned point)" },
    out: { type: "string", value: "FILE", writes: "file", help: "write it there instead of printing it" },
  },
  examples: [
    "deno task export demo --format rust --out presets.rs",
    "deno task export v1.0 --format toml",
    "deno task export demo --format point --preset debugging",
  ],
};

/** Wisdom in a form. @param study whose episodes a scratchpad carries; a version has none at hand */
export function exported(
  wisdom: Wisdom,
  format: Format,
  options: { preset?: string; study?: string } = {},
): string {
  switch (format) {
    case "wisdom":
      return indented(wisdom);
    case "scratchpad": {
      const dir = options.study === undefined ? undefined : studyDir(options.study);
      const distilled = exportDistilled(wisdom);
      return indented(
        dir === undefined
          ? specScratchpad(NO_EPISODES, new Map(), distilled)
          : specScratchpad(readScratchpad(dir), readFailures(dir), distilled),
      );
    }
    case "point":
      return indented(exportPoint(wisdom, options.preset));
    case "rust":
      return exportRust(wisdom);
    case "toml":
      return exportToml(wisdom);
    case "markdown":
      return exportMarkdown(wisdom);
  }
}

const NO_EPISODES: Parameters<typeof specScratchpad>[0] = {
  episodes: [],
  insights: [],
  accepted: [],
  turned_down: [],
  trajectory: [],
  best: null,
  ignored_events: { uncommitted: [], orphaned: [] },
};

if (import.meta.main) {
  await runCommand(EXPORT, ({ values, positionals }) => {
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) {
      throw new UsageError("name one study or version, as in deno task export demo --format rust");
    }
    const format = oneOf(values, "format", FORMATS, "wisdom");
    if (values["preset"] !== undefined && format !== "point") {
      throw new UsageError("--preset goes with --format point; the other forms hold every preset");
    }
    const isVersion = VERSION_PATTERN.test(name) || name === "spec";
    if (!isVersion) readStudy(name);
    const text = exported(isVersion ? findWisdom(name) : readStudyWisdom(name), format, {
      ...(values["preset"] === undefined ? {} : { preset: String(values["preset"]) }),
      ...(isVersion ? {} : { study: name }),
    });
    const out = values["out"] as string | undefined;
    if (out !== undefined) writeTextAtomic(out, text);
    return Promise.resolve({
      json: { of: name, format, ...(out === undefined ? { text } : { file: out }) },
      text: out === undefined ? text.trimEnd() : `written: ${out}`,
    });
  });
}
