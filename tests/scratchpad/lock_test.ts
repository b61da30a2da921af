import assert from "node:assert/strict";
import { join } from "node:path";
import { LockedError, lockStudy, openJournal } from "../../lib/scratchpad/mod.ts";

Deno.test("a study has one writer at a time, and the refusal names the process", () => {
  const dir = Deno.makeTempDirSync();
  const first = lockStudy(dir);
  assert.throws(
    () => openJournal(dir),
    (error) =>
      error instanceof LockedError && error.pid === Deno.pid &&
      error.message.includes(`process ${Deno.pid} is writing`),
  );
  first.close();
  first.close();
  using second = lockStudy(dir);
  assert.equal(second.staleHolder, undefined, "an orderly end leaves no stale holder");
});

Deno.test("another process's lock holds while it lives and is free, and called stale, once it was killed", async () => {
  const root = Deno.makeTempDirSync(),
    dir = join(root, "study"),
    script = join(import.meta.dirname!, "lock_holder.ts");
  await using child = disposableChild(script, dir);
  await child.held;
  assert.throws(() => lockStudy(dir), (error) => error instanceof LockedError && error.pid === child.pid);
  await child.kill();
  using lock = lockStudy(dir);
  assert.equal(lock.staleHolder, child.pid);
});

Deno.test("a half-written lock text misleads nobody", () => {
  const dir = Deno.makeTempDirSync();
  Deno.writeTextFileSync(join(dir, "writer.lock"), '{"pid":');
  using lock = lockStudy(dir);
  assert.equal(lock.staleHolder, undefined);
});

/** A child that holds the lock of `dir`; killed at the latest when the test ends. */
function disposableChild(script: string, dir: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", script, dir],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  let ended: Promise<void> | undefined;
  const end = async () => {
    child.kill("SIGKILL");
    await child.status;
    await child.stdin.abort().catch(() => {}); // the pipe broke with its reader
    await reader.cancel();
  };
  const kill = () => ended ??= end();
  return {
    pid: child.pid,
    held: reader.read().then(({ value }) => assert.equal(new TextDecoder().decode(value), "held\n")),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
