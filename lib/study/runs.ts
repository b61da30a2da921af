/** The runs a study has seen. */
import { MANIFESTS, readRecords } from "../scratchpad/mod.ts";
import type { Manifest } from "../records/manifest.ts";

/** All manifest lines of a study, in order. */
export function readManifests(dir: string): Manifest[] {
  return readRecords(dir, MANIFESTS);
}
