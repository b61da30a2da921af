/**
 * Conformance of the Deno kernel: what the runner, `show()` and `settle()` rely on, against the real kernel over the wire.
 * When a Deno release changes one of these, the test that fails names it.
 */
import assert from "node:assert/strict";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import type { CellOutput } from "../../lib/notebook/document.ts";
import { type ExecuteOptions, type Execution, Kernel, KernelStartError } from "../../lib/notebook/kernel.ts";
import { kernelsAlive } from "../../lib/notebook/kernel_process.ts";
import type { Message } from "../../lib/notebook/messages.ts";
import { OutputCollector } from "../../lib/notebook/outputs.ts";

interface Run extends Execution {
  outputs: CellOutput[];
  messages: Message[];
}

class Session {
  readonly #collector = new OutputCollector();
  constructor(private readonly kernel: Kernel) {}

  async run(code: string, options: ExecuteOptions = {}): Promise<Run> {
    const outputs: CellOutput[] = [], messages: Message[] = [];
    const cell = this.#collector.cell(outputs);
    const execution = await this.kernel.execute(code, (m) => {
      messages.push(m);
      cell.take(m);
    }, options);
    cell.finish();
    return { ...execution, outputs, messages };
  }
}

/** Late repeats of settle()'s own marker are not outputs. */
const isOutput = (m: Message) => m.type !== "update_display_data";
const types = (run: Run) => run.messages.map((m) => m.type);

/** stdout text, lines joined. */
const printed = (run: Run) =>
  run.outputs.flatMap((o) => o.output_type === "stream" ? [o.text].flat() : []).join("");

Deno.test("the kernel does what the kit relies on", async (t) => {
  await using kernel = await Kernel.start({ cwd: PROJECT_ROOT });
  const session = new Session(kernel);

  await t.step("values come as execute_result with the cell's count, statements have none", async () => {
    const value = await session.run("1 + 1");
    assert.deepEqual([value.status, value.count, types(value)], ["ok", 1, ["execute_result"]]);
    assert.deepEqual(types(await session.run("const one: number = 1;")), []);
  });

  await t.step("cells share their names, awaits at the top level and imports by the import map", async () => {
    const run = await session.run(
      'const { numberText } = await import("lab/report/values.ts"); numberText(one)',
    );
    assert.equal(run.status, "ok", run.errorText);
    assert.match(JSON.stringify(run.outputs), /'1'|"1\\"|1/);
  });

  await t.step("every one of fifty values reaches its own cell", async () => {
    for (let i = 0; i < 50; i++) {
      const run = await session.run(`"value ${i}"`);
      assert.equal(run.messages.length, 1, `cell ${i}`);
      assert.ok(JSON.stringify(run.outputs).includes(`value ${i}`));
    }
  });

  await t.step("a thousand lines arrive whole and in order, stderr apart from stdout", async () => {
    const run = await session.run('for (let i = 0; i < 1000; i++) console.log(i); console.error("e")');
    assert.equal(printed(run), Array.from({ length: 1000 }, (_, i) => `${i}\n`).join("") + "e\n");
    assert.deepEqual(run.outputs.map((o) => o.output_type === "stream" && o.name), ["stdout", "stderr"]);
  });

  await t.step("an error carries its name, text and stack, and what was printed before it", async () => {
    const run = await session.run('console.log("before"); throw new TypeError("no")');
    assert.deepEqual([run.status, run.errorName, run.errorText], ["error", "TypeError", "no"]);
    assert.equal(printed(run), "before\n");
    const error = run.outputs.find((o) => o.output_type === "error");
    assert.equal(error?.ename, "TypeError");
    assert.ok((error?.traceback.length ?? 0) > 0);
  });

  await t.step("a cell that does not compile is an error without a message", async () => {
    const run = await session.run("const = ;");
    assert.deepEqual([run.status, run.errorText, run.outputs.length], ["error", "Execution failed", 0]);
  });

  await t.step("a display method that throws is an error output under an ok reply", async () => {
    const run = await session.run('({ [Symbol.for("Jupyter.display")]() { throw new Error("inside") } })');
    assert.equal(run.status, "ok");
    assert.deepEqual(types(run), ["error"]);
  });

  await t.step("a bigint as last value shows nothing (show() does)", async () => {
    assert.deepEqual(types(await session.run("10n")), []);
    const shown = await session.run(
      'const { show } = await import("lab/report/show.ts"); await show([{ n: 10n }])',
    );
    assert.deepEqual(types(shown), ["display_data"], shown.errorText);
  });

  await t.step("a display keeps its place when a later cell updates it", async () => {
    const first = await session.run(
      'import { progress } from "lab/report/live.ts"; const bar = progress(2, "cases"); await show(bar);',
    );
    const later = await session.run("await bar.step(); await bar.step();");
    assert.deepEqual(types(later), ["update_display_data", "update_display_data"], later.errorText);
    assert.match(JSON.stringify(first.outputs), /cases 2\/2/);
  });

  await t.step("settle() finds the internal it wraps, and outputs stay complete after it", async () => {
    const wrapped =
      `Symbol.for("ripmap-lab.settle") in (Deno as any)[(Deno as any).internal].jupyter.broadcastResult`;
    assert.match(JSON.stringify((await session.run(wrapped)).outputs), /false/);
    await kernel.settle();
    assert.match(JSON.stringify((await session.run(wrapped)).outputs), /true/);
    const before = await session.run(
      'import { kernelInternals, settle } from "lab/report/settle.ts"; typeof kernelInternals()?.broadcastResult',
    );
    assert.match(
      JSON.stringify(before.outputs),
      /function/,
      "this Deno lacks broadcastResult: settle() does nothing",
    );
    const port = await session.run(
      'import { outputPort } from "lab/report/output_queue.ts"; typeof outputPort()',
    );
    assert.match(JSON.stringify(port.outputs), /number/, "the kernel's output port can no longer be told");
    assert.deepEqual((await session.run("settle();")).outputs, []);
    const run = await session.run("for (let i = 0; i < 200; i++) console.log(i); 'last'");
    assert.equal(printed(run).split("\n").length, 201);
    assert.equal(run.outputs.at(-1)?.output_type, "execute_result");
  });

  await t.step("after settle() idle no longer overtakes outputs", async () => {
    // The runner's own drain would hide the race, so only messages stamped with the cell itself count here.
    for (let i = 0; i < 10; i++) {
      const run = await session.run("for (let i = 0; i < 20; i++) console.log(i); 'value'");
      const ids = new Set(run.messages.filter(isOutput).map((m) => m.parentId));
      assert.equal(ids.size, 1, "an output left after the cell was over");
      assert.equal(printed(run).split("\n").length, 21);
    }
  });

  await t.step(
    "after settle() a large output arrives whole at a reader that is late, and show() stops at 5 MB",
    async () => {
      // More than the socket's buffers take: without settle() "idle" is sent in the middle of it, and the stream is broken for good.
      const pending = session.run(
        'await Deno.jupyter.display({ "text/plain": "x".repeat(20_000_000) }, { raw: true })',
      );
      await new Promise((resolve) => setTimeout(resolve, 2));
      for (const until = performance.now() + 400; performance.now() < until;);
      const run = await pending;
      assert.equal(run.status, "ok");
      assert.ok(run.messages[0]!.bytes > 20_000_000);
      const capped = await session.run('await show("y".repeat(3_000_000))');
      assert.match(JSON.stringify(capped.outputs), /Not shown: this output has/);
    },
  );

  await t.step("an interrupt ends a busy loop and keeps the state", async () => {
    const run = await session.run("while (true) {}", { timeoutMs: 300 });
    assert.equal(run.status, "timeout");
    assert.equal((await session.run("one")).status, "ok");
  });

  await t.step("a kernel that ends says so", async () => {
    const run = await session.run('console.log("last words"); Deno.exit(7)');
    assert.equal(run.status, "dead");
    assert.equal(await kernel.exited, 7);
  });
});

Deno.test("a program that is no kernel is reported with what it printed, and nothing stays behind", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const script = `${folder}/fake.sh`;
    await Deno.writeTextFile(script, "#!/bin/sh\necho broken on purpose >&2\nexit 3\n");
    await Deno.chmod(script, 0o755);
    await assert.rejects(Kernel.start({ cwd: folder, deno: script }), (error: Error) => {
      assert.ok(error instanceof KernelStartError);
      assert.match(error.message, /exited with code 3\nbroken on purpose/);
      return true;
    });
    assert.equal(kernelsAlive(), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
