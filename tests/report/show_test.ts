import assert from "node:assert/strict";
import * as Plot from "@observablehq/plot";
import { UndirectedGraph } from "graphology";
import { capBundle, inKernel, MAX_DISPLAY_BYTES } from "../../lib/report/kernel_display.ts";
import { costMeter, progress } from "../../lib/report/live.ts";
import { outputPort, queueEmptied } from "../../lib/report/output_queue.ts";
import { installSettle, kernelInternals } from "../../lib/report/settle.ts";
import { show, viewOf } from "../../lib/report/show.ts";
import { textView } from "../../lib/report/view.ts";

/** Runs `work` and returns what it printed. */
async function printed(work: () => Promise<unknown>): Promise<string> {
  const original = console.log, lines: string[] = [];
  console.log = (...args: unknown[]) => lines.push(args.join(" "));
  try {
    await work();
  } finally {
    console.log = original;
  }
  return lines.join("\n");
}

Deno.test("outside the kernel show() prints text", async () => {
  assert.equal(inKernel(), false);
  assert.equal(await printed(() => show("plain")), "plain");
  assert.match(await printed(() => show([{ a: 1 }])), /^a\n-\n1\n\(1 row\)$/);
});

Deno.test("each kind of value gets its own view", async () => {
  const text = async (value: unknown, options = {}) => (await viewOf(value, options)).text;
  assert.equal(await text(textView("v")), "v");
  assert.match(await text([3, 4]), /value\n-----\n {4}3/);
  assert.match(await text(new Map([["k", 1]])), /name {2}value/);
  assert.match(await text({ alpha: 0.85 }), /alpha {2}0\.8500/);
  assert.match(await text([{ file: "f", rank: 1, score: 1, parts: { a: 1 } }]), /\[a 1\]/);
  assert.match(await text({ before: { a: 1 }, after: { a: 2 } }), /1 line out/);
  assert.match(await text({ op: "sum", terms: [{ op: "x" }] }), /└─ x/);
  assert.equal(await text({ marks: [Plot.dot([[1, 2]])] }, { alt: "a dot" }), "[figure: a dot]");
  assert.equal(
    await text({ data: [{ type: "bar", x: [1], y: [1] }] }, { alt: "a bar" }),
    "[interactive figure: a bar]",
  );
  const graph = new UndirectedGraph();
  graph.mergeEdge("a", "b");
  assert.match(await text(graph), /2 nodes, 1 edge,/);
  assert.equal(await text(12n), "12n");
  assert.match(await text({ before: 1, after: 2 }, { as: "table" }), /before/);
});

Deno.test("a figure without alt text is refused by show()", async () => {
  await assert.rejects(show({ marks: [] }), /alt text/);
});

Deno.test("a bundle above 5 MB is replaced by a note with its size", () => {
  const small = { "text/plain": "x" };
  assert.equal(capBundle(small), small);
  const capped = capBundle({ "text/html": "x".repeat(MAX_DISPLAY_BYTES + 1) });
  assert.match(String(capped["text/plain"]), /Not shown: this output has 5\.0 MB, the limit is 5 MB/);
  assert.ok(JSON.stringify(capped).length < 2000);
});

Deno.test("a progress bar counts within its bounds and prints when it opens and ends", async () => {
  const bar = progress(3, "cases");
  const text = await printed(async () => {
    await show(bar);
    await bar.step("one");
    await bar.set(99, "all");
  });
  assert.equal(text, "cases 0/3\ncases 3/3 all");
  assert.match(bar.view().html, /<progress value="3" max="3">/);
  assert.throws(() => progress(1.5), RangeError);
});

Deno.test("a cost meter adds up and stands against its budget", async () => {
  const meter = costMeter("<m>", 1);
  await printed(async () => {
    await meter.add({ calls: 1, inputTokens: 1500, usd: 0.25 });
    await meter.add({ calls: 1, outputTokens: 20, usd: 0.5 });
  });
  assert.deepEqual(meter.sum, { calls: 2, inputTokens: 1500, outputTokens: 20, usd: 0.75 });
  assert.equal(meter.view().text, "<m>: 2 calls, 1,500 tokens in, 20 out, $0.7500 of $1.00");
  assert.ok(!meter.view().html.includes("<m>"));
});

Deno.test("the output port is read from the connection file the command line names", async () => {
  const folder = await Deno.makeTempDir({ suffix: " with blanks" });
  try {
    const file = `${folder}/kernel-1.json`;
    await Deno.writeTextFile(file, '{"iopub_port":4711}');
    assert.equal(outputPort(() => `deno\0jupyter\0--kernel\0--conn\0${file}\0`), 4711);
    assert.equal(outputPort(() => `deno jupyter --kernel --conn ${file}`), 4711);
    assert.equal(outputPort(() => `deno --conn ${folder}/missing.json`), undefined);
    assert.equal(outputPort(() => "deno test"), undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a queue nobody serves counts as not emptied", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  assert.equal(await queueEmptied(port, () => {}, 1000), false);
});

Deno.test("settle stands only where the kernel's internal is, and only once", async () => {
  assert.equal(installSettle({}), false);
  assert.equal(kernelInternals()?.broadcastResult, undefined);
  const calls: unknown[] = [];
  const host = { broadcastResult: (...args: unknown[]) => Promise.resolve(void calls.push(args)) };
  const saved = { ...console };
  try {
    assert.equal(installSettle(host), true);
    const wrapped = host.broadcastResult;
    assert.equal(installSettle(host), true);
    assert.equal(host.broadcastResult, wrapped);
    await host.broadcastResult(7, "value");
    assert.deepEqual(calls, [[7, "value"]]);
  } finally {
    Object.assign(console, saved);
  }
});
