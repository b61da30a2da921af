import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { openWorkIndex } from "../../lib/corpus/work_index.ts";
import { WorkSnapshot } from "../../lib/corpus/work_snapshot.ts";
import { runGit } from "../../lib/repo/git.ts";
import { answerRanking } from "../../lib/wisdom/rank_answer.ts";
import { RankSession } from "../../lib/wisdom/rank_session.ts";
import { specWisdom } from "../../lib/wisdom/releases.ts";
import { SCRIPT_START_S, teaHouse } from "../helpers/scripted_repository.ts";

const dir = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(dir, { recursive: true }));
const written = await teaHouse().write(join(dir, "bare"), { name: "scripted/tea" });
const tree = join(dir, "tree"), cacheDir = join(dir, "cache");
await runGit(dir, ["-c", "core.autocrlf=false", "clone", "-q", written.repository.dir, tree]);
const NOW_S = SCRIPT_START_S + 400 * 86400;
const wisdom = specWisdom();
let now_s = NOW_S;
const session = await RankSession.open(tree, wisdom, { cacheDir, now: () => now_s });
type Answer = Readonly<Record<string, unknown>> & { readonly error?: { message: string; column?: number } };
const ask = async (question: unknown) => await session.answer(JSON.stringify(question)) as Answer;

/** What a process of its own would answer: nothing remembered but the packs on disk. */
const alone = async (question: { focus: string; chat?: string[]; top?: number }) =>
  answerRanking(
    new WorkSnapshot(await openWorkIndex(tree, { cacheDir }), now_s),
    wisdom,
    question,
  ).json;

Deno.test("a session answers as a process of its own does, before and after the tree changes", async () => {
  const question = { focus: "kettle & boil_water", chat: ["brew/journal.py"], top: 30 };
  const same = async () =>
    assert.deepEqual(await ask({ id: 7, ...question }), { id: 7, ...await alone(question) });
  await same();
  await same();
  Deno.writeTextFileSync(
    join(tree, "brew/samovar.py"),
    "def boil_water_twice(cup):\n    return boil_water(cup)\n",
  );
  const stale = await ask({ ...question, refresh: false });
  assert.equal(stale["uncommitted"], 0);
  await same();
  assert.equal((await ask(question))["uncommitted"], 1);
  await runGit(tree, ["add", "."]);
  await same();
  await runGit(tree, ["-c", "user.name=t", "-c", "user.email=t@tea.example", "commit", "-qm", "a samovar"]);
  await same();
  now_s += 40 * 86400;
  await same();
});

Deno.test("what is not understood is answered, with the column where there is one, and the session goes on", async () => {
  const refused = async (line: string) => (await session.answer(line) as Answer).error!;
  assert.match((await refused("{")).message, /not JSON/);
  assert.match((await refused("null")).message, /not understood/);
  assert.match((await refused('{"fokus":"x"}')).message, /Unrecognized key.*fokus/);
  assert.match((await refused('{"focus":7}')).message, /focus: .*string/);
  assert.match((await refused("{}")).message, /Nothing is asked/);
  assert.match((await refused('{"focus":"kettle","preset":"turbo"}')).message, /no preset "turbo"/);
  assert.equal((await refused('{"focus":"kettle & & leaf"}')).column, 10);
  assert.equal((await ask({ id: "a", focus: "zzzqqq" }))["id"], "a");
  assert.ok(Array.isArray((await ask({ focus: "kettle" }))["files"]));
});

Deno.test("no line ends a session", async () => {
  const word = fc.constantFrom("kettle", "boil", "&", "|", "->", "@", "%", "(", '"', "2", "recent");
  const question = fc.record({
    id: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
    focus: fc.oneof(fc.string(), fc.array(word, { maxLength: 6 }).map((words) => words.join(" "))),
    chat: fc.array(fc.constantFrom("brew/kettle.py", "nowhere.py"), { maxLength: 2 }),
    top: fc.integer({ min: -1, max: 3 }),
    tokens: fc.integer({ min: 0, max: 60 }),
  }, { requiredKeys: [] });
  const line = fc.oneof(fc.string(), fc.json(), question.map((q) => JSON.stringify(q)));
  await fc.assert(
    fc.asyncProperty(line, async (text) => {
      const value: unknown = (() => {
        try {
          return JSON.parse(text);
        } catch {
          return undefined;
        }
      })();
      const quiet = typeof value === "object" && value !== null && !Array.isArray(value)
        ? JSON.stringify({ ...value, refresh: false })
        : text;
      const answer = await session.answer(quiet) as Answer;
      assert.ok("id" in answer && ("files" in answer || typeof answer.error?.message === "string"));
      assert.equal(JSON.stringify(answer).includes("\n"), false);
    }),
    { numRuns: 500, seed: 7 },
  );
});

Deno.test("the task serves lines: a greeting, an answer a question, and the end with the input", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      new URL("../../lib/tasks/rank.ts", import.meta.url).pathname,
      "--repo",
      tree,
      "--serve",
    ],
    env: { RIPMAP_LAB_CACHE: cacheDir },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(
    new TextEncoder().encode('{"id":1,"focus":"kettle","top":1}\n\n{"id":2,"focus":"kettle |"}\n'),
  );
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const [greeting, first, second, ...rest] = new TextDecoder().decode(stdout).trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual([greeting.protocol, greeting.files > 20, rest], ["rank/1", true, []]);
  assert.deepEqual([first.id, first.files.length, second.id, second.error.column], [1, 1, 2, 9]);
});
