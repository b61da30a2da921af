import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { runNotebooks } from "../../lib/notebook/batch.ts";
import { type CellOutput, parseNotebook, readNotebook, writeNotebook } from "../../lib/notebook/document.ts";
import { exportHtml, MAX_PAGE_BYTES } from "../../lib/notebook/export.ts";
import { kernelsAlive } from "../../lib/notebook/kernel_process.ts";

const FIXTURES = join(PROJECT_ROOT, "tests", "testdata", "notebooks");
const FIXTURE = join(FIXTURES, "fixture.ipynb");

interface Cell {
  source: string;
  tags?: string[];
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  assert.equal(kernelsAlive(), 0, "a kernel was left behind");
}

function write(folder: string, name: string, ...cells: (string | Cell)[]): string {
  const file = join(folder, `${name}.ipynb`);
  writeNotebook(
    file,
    parseNotebook({
      cells: cells.map((cell) => typeof cell === "string" ? { source: cell } : cell).map((
        { source, tags },
        i,
      ) => ({
        cell_type: "code",
        id: `c${i}`,
        metadata: tags ? { tags } : {},
        source,
        outputs: [],
        execution_count: null,
      })),
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
  return file;
}

const outputsOf = (file: string, id: string): CellOutput[] =>
  readNotebook(file).cells.find((cell) => cell.id === id)?.outputs ?? [];

Deno.test("the fixture runs with its golden outputs, its page is one small file, the notebook stays as it was", () =>
  inFolder(async (outDir) => {
    const before = await Deno.readTextFile(FIXTURE);
    const [run] = await runNotebooks([FIXTURE], { outDir });
    assert.equal(run!.failure, undefined);
    assert.deepEqual(run!.outputs, { value: 1, streams: 2, table: 1, plot: 1 });
    assert.equal(await Deno.readTextFile(FIXTURE), before);
    const lines = outputsOf(run!.out, "streams")[0]!;
    assert.equal(lines.output_type === "stream" && lines.text.length, 50);
    const { file, bytes, warning } = exportHtml(run!.out);
    const html = await Deno.readTextFile(file);
    assert.ok(bytes < MAX_PAGE_BYTES && warning === undefined);
    assert.ok(html.includes("<math") && html.includes('aria-label="Five dots on a rising line"'));
    assert.ok(html.includes("every cell ran") && !/(?:src|href)="(?!data:|#)/.test(html));
  }));

Deno.test("parameters reach the kernel, and stand in the executed copy", () =>
  inFolder(async (outDir) => {
    const [run] = await runNotebooks([FIXTURE], { outDir, parameters: { k: "21", repo: "7" } });
    assert.equal(run!.failure, undefined);
    assert.match(JSON.stringify(outputsOf(run!.out, "value")), /42/);
    assert.match(JSON.stringify(outputsOf(run!.out, "streams")), /7 line 0/);
    const metadata = readNotebook(run!.out).metadata.papermill as { parameters: unknown };
    assert.deepEqual(metadata.parameters, { k: "21", repo: "7" });
  }));

Deno.test("the runner settles the kernel of a notebook that does not do it itself, and counts no cell for it", () =>
  inFolder(async (folder) => {
    const cell =
      `Symbol.for("ripmap-lab.settle") in (Deno as any)[(Deno as any).internal].jupyter.broadcastResult`;
    const [run] = await runNotebooks([write(folder, "bare", cell)], { outDir: join(folder, "out") });
    assert.equal(run!.failure, undefined);
    const [output] = outputsOf(run!.out, "c0");
    assert.match(JSON.stringify(output), /true/);
    assert.equal(readNotebook(run!.out).cells[0]!.execution_count, 1);
  }));

Deno.test("a failing notebook keeps what ran, and the others run on", () =>
  inFolder(async (folder) => {
    const outDir = join(folder, "out");
    const files = [
      write(folder, "throws", "'first'", "throw new RangeError('too far')", "'never'"),
      write(folder, "typo", "'first'", "const = 1"),
      write(folder, "display", "({ [Symbol.for('Jupyter.display')]() { throw new Error('hidden') } })"),
      write(folder, "dies", "console.log('first'); await 0", "Deno.exit(5)", "'never'"),
      write(folder, "hangs", "console.log('first')", "await new Promise(() => setInterval(() => {}, 1000))"),
      write(
        folder,
        "floods",
        "await Deno.jupyter.display({ 'text/plain': 'x'.repeat(20e6) }, { raw: true })",
      ),
      write(
        folder,
        "expects",
        { source: "throw new Error('as expected')", tags: ["raises-exception"] },
        "'after'",
      ),
    ];
    const runs = await runNotebooks(files, { outDir, timeoutMs: 2500 });
    const failure = Object.fromEntries(runs.map((run) => [run.name, run.failure]));
    assert.equal(failure.throws, "c1: RangeError: too far");
    assert.match(failure.typo!, /^c1: SyntaxError: the cell did not compile.*notebooks:check/);
    assert.equal(failure.display, "c0: Error: hidden");
    assert.equal(failure.dies, "c1: KernelError: the kernel ended with code 5");
    assert.equal(failure.hangs, "c1: KernelError: the cell was stopped after 2.5 s (--timeout)");
    assert.match(
      failure.floods!,
      /20\.0 MB, more than 15 MB.*show\(\) stops at 5 MB|the output stream broke/,
    );
    assert.equal(failure.expects, undefined);
    for (const name of ["throws", "typo", "dies", "hangs"]) {
      const run = runs.find((r) => r.name === name)!;
      assert.match(JSON.stringify(outputsOf(run.out, "c0")), /first/, name);
      assert.equal(outputsOf(run.out, "c1").at(-1)?.output_type, "error", name);
      assert.deepEqual(outputsOf(run.out, "c2"), [], name);
    }
  }));

Deno.test("a lost output fails against the golden count", () =>
  inFolder(async (folder) => {
    const file = write(folder, "quiet", "'a'", "const b = 1;");
    await Deno.writeTextFile(join(folder, "golden.json"), '{"quiet":{"c0":1,"c1":1}}');
    const [run] = await runNotebooks([file], { outDir: join(folder, "out") });
    assert.match(
      run!.failure!,
      /golden count: 1 output, the golden count is 2: c1 has 0, wanted 1/,
    );
  }));

Deno.test("what is wrong beforehand is said before a kernel starts", () =>
  inFolder(async (folder) => {
    const file = write(folder, "a", "1");
    await assert.rejects(runNotebooks([file], { outDir: folder }), /overwrite the notebook/);
    await assert.rejects(
      runNotebooks([file, file], { outDir: join(folder, "o") }),
      /both would write a\.ipynb/,
    );
    await assert.rejects(runNotebooks([file], { parameters: { k: "1" } }), /a takes no parameters/);
    await assert.rejects(runNotebooks([file], { jobs: 0 }), /--jobs wants a positive integer/);
    await Deno.writeTextFile(join(folder, "b.ipynb"), "{}");
    await assert.rejects(runNotebooks([join(folder, "b.ipynb")]), /b\.ipynb:1: cells/);
  }));

Deno.test("a kernel that fails to start is started once more, then the notebook fails and the others run", () =>
  inFolder(async (folder) => {
    const flaky = join(folder, "flaky.sh");
    await Deno.writeTextFile(
      flaky,
      `#!/bin/sh\nif [ -e "${folder}/second" ]; then exec "${Deno.execPath()}" "$@"; fi\ntouch "${folder}/second"\nexit 9\n`,
    );
    await Deno.chmod(flaky, 0o755);
    const file = write(folder, "a", "'ran'"), outDir = join(folder, "out");
    const [run] = await runNotebooks([file], { outDir, kernel: { deno: flaky } });
    assert.equal(run!.failure, undefined);
    const [never] = await runNotebooks([file], { outDir, kernel: { deno: "/bin/false" } });
    assert.match(never!.failure!, /KernelStartError: The Deno kernel did not start: it exited with code 1/);
  }));
