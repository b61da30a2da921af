/** What the papers say is so: generated parts are fresh, tasks and files they name exist, links lead somewhere. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../lib/base/paths.ts";
import { generatedPapers } from "../lib/tasks/docs.ts";

const read = (name: string) => Deno.readTextFileSync(join(PROJECT_ROOT, name));
const tasks = new Set(
  Object.keys((JSON.parse(read("deno.json")) as { tasks: Record<string, unknown> }).tasks),
);
const PAPERS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "data/README.md",
  "data/languages.md",
  "data/views.md",
  "results/README.md",
];

Deno.test("generated papers are what the code says", () => {
  for (const [name, text] of Object.entries(generatedPapers())) {
    assert.equal(read(name), text, `${name}: run deno task docs`);
  }
});

Deno.test("every task a paper names exists", () => {
  for (const paper of PAPERS) {
    for (const [, name] of read(paper).matchAll(/(?:deno|deno@[\d.]+) task ([a-z][a-z:-]*)/g)) {
      assert.ok(tasks.has(name!), `${paper} names the task ${name}`);
    }
  }
});

Deno.test("every task says what it does and starts a file that is there", () => {
  const { tasks: all } = JSON.parse(read("deno.json")) as {
    tasks: Record<string, { description?: string; command?: string }>;
  };
  for (const [name, task] of Object.entries(all)) {
    assert.ok(task.description, `${name} has no description`);
    for (const [file] of (task.command ?? "").matchAll(/(?:lib|bench)\/[\w/]+\.ts/g)) {
      Deno.statSync(join(PROJECT_ROOT, file));
    }
  }
});

Deno.test("every link of a paper to a file leads to one", () => {
  for (const paper of PAPERS) {
    for (const [, target] of read(paper).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      Deno.statSync(join(PROJECT_ROOT, paper, "..", target!));
    }
  }
});

Deno.test("no paper and no source names a path of some machine", () => {
  for (const paper of PAPERS) assert.doesNotMatch(read(paper), /\/(?:home|root|work|tmp\/scratch)\//, paper);
});

Deno.test("what the README says of the comparison is what its page says", () => {
  const paragraph = /\*\*Against classical search\*\*[^]*?\n\n/.exec(read("README.md"))![0];
  const page = read("data/measured/compare.md").split("\n\n")[1]!;
  const scores = [...paragraph.matchAll(/\(?(\.\d{3})/g)].map(([, score]) => `(0${score})`);
  assert.ok(scores.length >= 4, `${scores}`);
  for (const score of scores) assert.ok(page.includes(score), `${score} is not in: ${page}`);
});

Deno.test("the README says of the formula found with the commit subject, and of what stands too high, what their pages say", () => {
  const readme = read("README.md"),
    pages = ["ten", "ten-message"].map((name) => read(`data/measured/${name}.md`));
  const [seed, message] = pages.map((page) =>
    /```text\n(pagerank[^\n]*)\n```\n\n### The formula found/.exec(page)![1]
  );
  assert.notEqual(seed, message);
  assert.match(readme, /\n\| another formula, found by a search of its own with the commit subject known \|/);
  const [, sentence] = /until proven otherwise\. ([^\n]*) stands above it/.exec(readme)!;
  for (const page of pages) assert.ok(page.includes(`### ${sentence}, test cases`), sentence);
  const figures = /stands above it \(([^)]*)\)/.exec(readme)![1]!.match(/0\.\d{3}/g)!;
  assert.equal(figures.length, 2);
  figures.forEach((figure, i) => assert.ok(pages[i]!.includes(`Where found has ${figure},`), figure));
});
