/** Released wisdom: immutable bundles, one folder a version, whose every file is named by hash in its `release.json`. */
import { join } from "node:path";
import { readJson, RecordError, writeTextAtomic } from "../base/artefacts.ts";
import { canonicalJson, sha256 } from "../base/canonical.ts";
import { digest } from "../base/digest.ts";
import { DATA_DIR } from "../base/paths.ts";
import { SPEC } from "../formula/builtins.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { searchSpace } from "../formula/parameters.ts";
import { defaultPoint } from "../records/space.ts";
import { Wisdom } from "../records/wisdom.ts";
import { VERSION_PATTERN, WisdomRelease } from "../records/wisdom_release.ts";
import { untested } from "./tested.ts";

/** Where releases are kept, unless said otherwise: committed with the kit. */
export const RELEASES_DIR: string = join(DATA_DIR, "wisdom");

/** The first version: the specification's defaults and nothing else. */
export const FIRST_VERSION = "v1.0";

/** A bundle as read. */
export interface Bundle {
  readonly release: WisdomRelease;
  readonly wisdom: Wisdom;
  readonly dir: string;
}

/** The specification's defaults as wisdom: no preset, no rule, nothing tested. */
export function specWisdom(): Wisdom {
  const defaults = { ...defaultPoint(searchSpace(SPEC)) };
  return Wisdom.parse({
    record: "wisdom/1",
    name: FIRST_VERSION,
    agent: "spec",
    sources: [],
    query: "seed",
    formula: SPEC,
    formula_hash: formulaHash(SPEC),
    defaults,
    tuned: { params: defaults, episodes: [], tested: untested("the specification's defaults, not tuned") },
    presets: [],
    heuristics: [],
    warnings: [],
    intuitions: [],
    default_on: untested("no rule is on by default"),
    conclusion: "The specification's defaults. Nothing was learned yet.",
  });
}

/** Order of versions: by their two numbers. @throws {RangeError} for a text that is no version */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  return x[0] - y[0] || x[1] - y[1];
}

function numbersOf(version: string): [number, number] {
  const found = VERSION_PATTERN.exec(version);
  if (!found) {
    throw new RangeError(`${JSON.stringify(version)} is no version: vMAJOR.MINOR is wanted, such as v1.1`);
  }
  return [Number(found[1]), Number(found[2])];
}

/** Versions there are, oldest first. */
export function listVersions(dir: string = RELEASES_DIR): string[] {
  try {
    return [...Deno.readDirSync(dir)].filter((e) => e.isDirectory && VERSION_PATTERN.test(e.name))
      .map((e) => e.name).sort(compareVersions);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/**
 * Reads a bundle and holds every file against its hash.
 *
 * @throws {RangeError} when there is no such version, naming those there are
 * @throws {RecordError} for a file that is missing, of another shape, or not the one that was released
 */
export function readBundle(version: string, dir: string = RELEASES_DIR): Bundle {
  numbersOf(version);
  const known = listVersions(dir);
  if (!known.includes(version)) {
    throw new RangeError(`There is no wisdom ${version}: there is ${known.join(", ") || "none yet"}`);
  }
  const folder = join(dir, version);
  const release = readJson(join(folder, "release.json"), WisdomRelease);
  for (const [name, wanted] of Object.entries(release.files)) {
    const file = join(folder, name);
    let found: string;
    try {
      found = sha256(Deno.readFileSync(file));
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) {
        throw new RecordError(file, 1, "no such file: restore it from git");
      }
      throw cause;
    }
    if (found !== wanted) {
      throw new RecordError(
        file,
        1,
        `hash ${found.slice(0, 12)}, ${
          wanted.slice(0, 12)
        } was released: a bundle is never edited; restore it and release a new version`,
      );
    }
  }
  return { release, wisdom: readJson(join(folder, "wisdom.json"), Wisdom), dir: folder };
}

/** A bundle about to be written: `release` without what the writer fills in, and its files by name. */
export interface NewBundle {
  readonly release: Omit<WisdomRelease, "record" | "files">;
  readonly wisdom: Wisdom;
  /** Further files: exports, the page */
  readonly extras: Readonly<Record<string, string>>;
}

/**
 * Writes a bundle. It is built beside its place and moved there whole.
 *
 * @throws {RangeError} for a version that exists, is not above its parent, or holds a file named `release.json` or `wisdom.json`
 */
export function writeBundle(bundle: NewBundle, dir: string = RELEASES_DIR): Bundle {
  const { version, parent } = bundle.release, known = listVersions(dir);
  if (known.includes(version)) {
    throw new RangeError(
      `Wisdom ${version} is released and stays as it is: choose a version above ${known.at(-1)}`,
    );
  }
  if (parent !== null && compareVersions(version, parent) <= 0) {
    throw new RangeError(`Wisdom ${version} cannot follow ${parent}: choose a higher version`);
  }
  const files: Record<string, string> = { "wisdom.json": indented(bundle.wisdom) };
  for (const [name, text] of Object.entries(bundle.extras)) {
    if (name in files || name === "release.json" || name.includes("/")) {
      throw new RangeError(`A bundle cannot hold a further file ${JSON.stringify(name)}`);
    }
    files[name] = text;
  }
  const release = WisdomRelease.parse({
    record: "wisdom-release/1",
    ...bundle.release,
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)])),
  });
  const folder = join(dir, version), building = `${folder}.${Deno.pid}.tmp`;
  Deno.mkdirSync(building, { recursive: true });
  try {
    for (const [name, text] of Object.entries(files)) writeTextAtomic(join(building, name), text);
    writeTextAtomic(join(building, "release.json"), indented(release));
    Deno.renameSync(building, folder);
  } catch (error) {
    Deno.removeSync(building, { recursive: true });
    throw error;
  }
  return readBundle(version, dir);
}

/** Indented JSON with sorted keys and a last newline: equal values have equal bytes. */
export function indented(value: unknown): string {
  return JSON.stringify(JSON.parse(canonicalJson(value)), null, 2) + "\n";
}

/**
 * As {@link findWisdom}, for whoever ranks and waits: of a bundle only its wisdom is read and held against its hash. What was
 * released was of the shape then, so equal bytes need no second look; the whole bundle is checked by {@link readBundle}.
 *
 * @throws as `findWisdom` does
 */
export async function loadWisdom(name: string | undefined, dir: string = RELEASES_DIR): Promise<Wisdom> {
  const version = name ?? listVersions(dir).at(-1);
  if (version === undefined || !VERSION_PATTERN.test(version)) return findWisdom(name, dir);
  const folder = join(dir, version);
  try {
    const [release, bytes] = await Promise.all([
      Deno.readTextFile(join(folder, "release.json")),
      Deno.readFile(join(folder, "wisdom.json")),
    ]);
    const { files } = JSON.parse(release) as Pick<WisdomRelease, "files">;
    if (files["wisdom.json"] === await digest(bytes)) {
      return JSON.parse(new TextDecoder().decode(bytes)) as Wisdom;
    }
  } catch {
    // Whatever is wrong with it, the reader of whole bundles says it in words.
  }
  return readBundle(version, dir).wisdom;
}

/**
 * The wisdom a user names: a version, a `wisdom.json`, or "spec" for the specification's defaults; undefined: the newest version, or
 * the specification's defaults where none was released.
 */
export function findWisdom(name: string | undefined, dir: string = RELEASES_DIR): Wisdom {
  if (name === undefined) {
    const newest = listVersions(dir).at(-1);
    return newest === undefined ? specWisdom() : readBundle(newest, dir).wisdom;
  }
  if (name === "spec") return specWisdom();
  if (VERSION_PATTERN.test(name)) return readBundle(name, dir).wisdom;
  return readJson(name, Wisdom);
}
