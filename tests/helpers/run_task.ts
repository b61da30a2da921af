/** A task run as its own process, cut off from this machine's environment. */
import { join } from "node:path";

/** Runs a task in an environment that holds what is given and the two folders, and nothing else. */
export async function runTask(
  name: string,
  folder: string,
  environment: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; out: string; said: string }> {
  const task = new URL(`../../lib/tasks/${name}.ts`, import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", task, ...args],
    env: {
      ...environment,
      RIPMAP_LAB_RESULTS: join(folder, "results"),
      RIPMAP_LAB_CACHE: join(folder, "cache"),
    },
    clearEnv: true,
  }).output();
  return { code, out: new TextDecoder().decode(stdout), said: new TextDecoder().decode(stderr) };
}
