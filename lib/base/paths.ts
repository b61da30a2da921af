/** Where the kit keeps its files, independent of the working directory. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the checkout: the folder that holds `deno.json`. */
export const PROJECT_ROOT: string = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Committed inputs: the corpus list, the published wisdom. */
export const DATA_DIR: string = join(PROJECT_ROOT, "data");

/** One folder a study. `RIPMAP_LAB_RESULTS` moves it, which is how tests keep to a temporary folder. */
export function resultsDir(): string {
  return Deno.env.get("RIPMAP_LAB_RESULTS") ?? join(PROJECT_ROOT, "results");
}

/** Everything that can be made again: tags by blob, corpora by key. `RIPMAP_LAB_CACHE` moves it. */
export function cacheDir(): string {
  return Deno.env.get("RIPMAP_LAB_CACHE") ?? join(PROJECT_ROOT, ".cache");
}

/** Clones made by `--corpus` and by `--repo URL`. `RIPMAP_LAB_MIRRORS` moves it. */
export function mirrorsDir(): string {
  return Deno.env.get("RIPMAP_LAB_MIRRORS") ?? join(DATA_DIR, "mirrors");
}
