import assert from "node:assert/strict";
import { join } from "node:path";
import { historyStream, writeHistory } from "../../lib/repo/write_history.ts";
import { openStudy, studyDir } from "../../lib/study/config.ts";
import { resolveRepositories } from "../../lib/study/repositories.ts";
import { SPEC } from "../../lib/formula/builtins.ts";

/** Runs a body with mirrors and results in a temporary folder. */
async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir(), names = ["RIPMAP_LAB_RESULTS", "RIPMAP_LAB_MIRRORS"];
  const before = names.map((name) => Deno.env.get(name));
  names.forEach((name) => Deno.env.set(name, join(folder, name)));
  try {
    await body(folder);
  } finally {
    names.forEach((name, i) =>
      before[i] === undefined ? Deno.env.delete(name) : Deno.env.set(name, before[i])
    );
    await Deno.remove(folder, { recursive: true });
  }
}

/** A bare repository whose subjects are given, oldest first. */
async function repository(path: string, subjects: readonly string[]): Promise<string> {
  await writeHistory(
    path,
    historyStream(subjects.map((subject, i) => ({
      author: "P <p@example.test>",
      at_s: 1_700_000_000 + i,
      subject,
      parents: i === 0 ? [] : [i - 1],
      files: new Map([["a.ts", subject]]),
    }))),
  );
  return path;
}

Deno.test("the same owner and name on two hosts are two mirrors, each opened again by its own URL", async () => {
  await inFolder(async (folder) => {
    const urls: string[] = [];
    for (const host of ["one", "two"]) {
      await Deno.mkdir(join(folder, host, "owner"), { recursive: true });
      urls.push(`file://${await repository(join(folder, host, "owner", "tool.git"), [host])}`);
    }
    const head = async (url: string) => (await resolveRepositories({ repos: [url], lockbox: [] }))[0]!.head;
    const first = await head(urls[0]!), second = await head(urls[1]!);
    assert.notEqual(first, second);
    await Deno.remove(join(folder, "one"), { recursive: true });
    await Deno.remove(join(folder, "two"), { recursive: true });
    assert.deepEqual([await head(urls[0]!), await head(urls[1]!)], [first, second]);
  });
});

Deno.test("one history under two names is refused, and so are two histories under one name", async () => {
  await inFolder(async (folder) => {
    for (const place of ["x", "y"]) await Deno.mkdir(join(folder, place));
    const a = await repository(join(folder, "a.git"), ["A"]);
    const twin = await repository(join(folder, "b.git"), ["A"]);
    await assert.rejects(
      resolveRepositories({ repos: [a], lockbox: [twin] }),
      /a\.git and .*b\.git are the same history at [0-9a-f]{12}: name it once/,
    );
    const x = await repository(join(folder, "x", "app.git"), ["X"]);
    const y = await repository(join(folder, "y", "app.git"), ["Y"]);
    await assert.rejects(
      resolveRepositories({ repos: [x, y], lockbox: [] }),
      /x\/app\.git and .*y\/app\.git are both called app, .*rename one/,
    );
  });
});

Deno.test("a study stays at its commits and says so when a repository has moved on", async () => {
  await inFolder(async (folder) => {
    const path = await repository(join(folder, "a.git"), ["A"]);
    const open = async (name: string) =>
      openStudy({
        record: "study/1",
        name,
        repositories: await resolveRepositories({ repos: [path], lockbox: [] }),
        seed: 1,
        query: "seed",
        labels: "binary",
        formula: SPEC,
      });
    const { repositories: [before] } = await open("mine");
    await Deno.remove(path, { recursive: true });
    await repository(path, ["A", "B"]);
    await assert.rejects(
      open("mine"),
      new RegExp(
        `^RangeError: a stood at ${before!.head.slice(0, 12)} when the study mine was made and stands at `,
      ),
    );
    assert.notEqual((await open("later")).repositories[0]!.head, before!.head);
  });
});

Deno.test("a name that leads out of the results folder, or is no folder name, names no study", () => {
  for (const name of ["../evil", "a/b", "", ".", "..", ".hidden", "a b", "a\nb"]) {
    assert.throws(() => studyDir(name), /cannot name a study: letters, digits/, JSON.stringify(name));
  }
  assert.ok(studyDir("my-project_2.1").endsWith("my-project_2.1"));
});
