/** How git is started: its environment, one short command to its output, and what is thrown when it fails. */

/** Settings of every git child: no prompts, stable messages, objects as they are, and none fetched behind our back. */
const GIT_ENV: Readonly<Record<string, string>> = {
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_NO_LAZY_FETCH: "1",
};

/** Variables that point git at another repository than the one named. Git sets them around hooks. */
const GIT_PLACE = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_GRAFT_FILE",
  "GIT_SHALLOW_FILE",
];

/**
 * Environment of every git child: the user's, without what would change the repository, the objects or the language.
 * @param user default this process's
 */
export function gitEnvironment(
  user: Readonly<Record<string, string>> = Deno.env.toObject(),
): Record<string, string> {
  const kept = Object.entries(user).filter(([name]) => !GIT_PLACE.includes(name));
  return { ...Object.fromEntries(kept), ...GIT_ENV };
}

/** A git command that failed. A caller catches it to tell the user which repository and why. */
export class GitError extends Error {
  override name = "GitError";
  constructor(readonly args: readonly string[], readonly code: number | null, stderr: string) {
    const tail = stderr.trim().split("\n").slice(-4).join("\n  ");
    super(`git ${args.join(" ")} failed with exit code ${code}${tail === "" ? "" : `:\n  ${tail}`}`);
  }
}

/**
 * Runs one git command to its end and gives back what it wrote, as bytes.
 *
 * Started without the node layer, which takes longer to load than a short git command takes to run.
 * @param shown what an error calls the command; default the arguments as they are
 * @throws {GitError} on a non-zero exit, and when git cannot be started
 */
export async function gitOutput(
  args: readonly string[],
  shown: readonly string[] = args,
): Promise<Uint8Array> {
  const command = new Deno.Command("git", {
    args: [...args],
    env: gitEnvironment(),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  let output: Deno.CommandOutput;
  try {
    output = await command.output();
  } catch (cause) {
    throw new GitError(shown, null, `git could not be started: ${(cause as Error).message}`);
  }
  if (output.code !== 0) throw new GitError(shown, output.code, new TextDecoder().decode(output.stderr));
  return output.stdout;
}
