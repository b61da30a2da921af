/** Manifests: what a run was, read off the machine and the study. */
import { basename, isAbsolute, join } from "node:path";
import { contentHash, sha256 } from "../base/canonical.ts";
import { PROJECT_ROOT } from "../base/paths.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { Split } from "../records/case.ts";
import { type Budget, type Manifest, manifestId } from "../records/manifest.ts";
import type { Point } from "../records/space.ts";
import { pointHash } from "../records/space.ts";
import { runGit } from "../repo/git.ts";
import { GitError } from "../repo/git_child.ts";
import { configHash, type StudyConfig } from "./config.ts";

/** Version of the kit: raised with every release that moves numbers or formats. */
export const KIT_VERSION = "0.2.0";

/** What differs from run to run. */
export interface RunFacts {
  /** name of the run within its study, for instance "evaluate-1" */
  readonly run: string;
  readonly state: Manifest["state"];
  /** task and arguments */
  readonly command: readonly string[];
  readonly splits: readonly Split[];
  readonly point?: Point;
  readonly budgets?: readonly Budget[];
  readonly parameters?: Manifest["parameters"];
  /** hashes of further inputs by name */
  readonly inputs?: Readonly<Record<string, string>>;
}

/** Makes a run's manifest. Paths of this machine are left out: repositories are named by owner, name and head. */
export async function makeManifest(config: StudyConfig, facts: RunFacts): Promise<Manifest> {
  const inputs: Record<string, string> = {
    study: configHash(config),
    formula: contentHash(config.formula.root),
    space: contentHash(searchSpace(config.formula)),
    ...facts.inputs,
  };
  if (facts.point) inputs["point"] = pointHash(facts.point);
  for (const { name, head } of config.repositories) inputs[`repository ${name}`] = head;
  return {
    record: "manifest/1",
    id: manifestId(facts.run, facts.state),
    run: facts.run,
    study: config.name,
    state: facts.state,
    command: facts.command.map(withoutMachinePath),
    code: await codeVersion(),
    seed: config.seed,
    splits: [...facts.splits],
    inputs,
    lock_hash: lockHash(),
    versions: { deno: Deno.version.deno, v8: Deno.version.v8, git: await gitVersion(), kit: KIT_VERSION },
    budgets: [...(facts.budgets ?? [])],
    parameters: { query: config.query, labels: config.labels, ...facts.parameters },
  };
}

/** An argument without what only this machine knows: the checkout becomes ".", another absolute path its last name. */
function withoutMachinePath(argument: string): string {
  const inside = argument.replaceAll(PROJECT_ROOT, ".");
  return isAbsolute(inside) ? join("…", basename(inside)) : inside;
}

/** The checkout's commit, and whether anything a number depends on differs from it; a new signal's file counts before it is added. */
export async function codeVersion(): Promise<Manifest["code"]> {
  let commit: string;
  try {
    commit = (await runGit(PROJECT_ROOT, ["rev-parse", "HEAD"])).trim();
  } catch (error) {
    // Not a checkout: the kit was copied without its history, which the manifest then says.
    if (error instanceof GitError && error.code !== null) return { commit: null, dirty: false };
    throw error;
  }
  const parts = ["lib", "data", "deno.json", "deno.lock"];
  const changed = await runGit(PROJECT_ROOT, ["status", "--porcelain", "--", ...parts]);
  return { commit, dirty: changed.trim() !== "" };
}

async function gitVersion(): Promise<string> {
  return (await runGit(PROJECT_ROOT, ["version"])).trim().replace(/^git version /, "");
}

function lockHash(): string | null {
  try {
    return sha256(Deno.readFileSync(join(PROJECT_ROOT, "deno.lock")));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
