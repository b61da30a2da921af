/** The generated sample as an open study, in a folder of its own. */
import { join } from "node:path";
import { type OpenStudy, openStudyFor } from "../../lib/study/open.ts";

const NAMES = ["RIPMAP_LAB_RESULTS", "RIPMAP_LAB_CACHE"] as const;

/** Runs a body with results and caches in a temporary folder, which is given to it. */
export async function inOwnFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir(), before = NAMES.map((name) => Deno.env.get(name));
  Deno.env.set("RIPMAP_LAB_RESULTS", join(folder, "results"));
  Deno.env.set("RIPMAP_LAB_CACHE", join(folder, "cache"));
  try {
    await body(folder);
  } finally {
    NAMES.forEach((name, i) =>
      before[i] === undefined ? Deno.env.delete(name) : Deno.env.set(name, before[i]!)
    );
    await Deno.remove(folder, { recursive: true });
  }
}

/** As {@link inOwnFolder}, with the sample's study opened. */
export async function withSampleStudy(body: (study: OpenStudy) => void | Promise<void>): Promise<void> {
  await inOwnFolder(async () => await body(await openStudyFor()));
}
