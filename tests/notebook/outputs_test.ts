import assert from "node:assert/strict";
import type { CellOutput } from "../../lib/notebook/document.ts";
import { Codec, type Message } from "../../lib/notebook/messages.ts";
import { MAX_OUTPUT_BYTES, OutputCollector, overwriteLines } from "../../lib/notebook/outputs.ts";

const message = (type: string, content: Record<string, unknown>, bytes = 10): Message => ({
  type,
  parentId: "x",
  content,
  bytes,
});
const stream = (text: string, name = "stdout") => message("stream", { name, text });

function collect(...messages: Message[]): CellOutput[] {
  const outputs: CellOutput[] = [];
  const cell = new OutputCollector().cell(outputs);
  for (const m of messages) cell.take(m);
  cell.finish();
  return outputs;
}

Deno.test("texts of one stream join, and another stream starts anew", () => {
  assert.deepEqual(collect(stream("a\n"), stream("b\n"), stream("c", "stderr")), [
    { output_type: "stream", name: "stdout", text: ["a\n", "b\n"] },
    { output_type: "stream", name: "stderr", text: ["c"] },
  ]);
});

Deno.test("a carriage return overwrites the line as a terminal would", () => {
  assert.equal(overwriteLines("10%\r20%\r100%\nabc\rX"), "100%\nXbc");
  assert.equal(overwriteLines("windows\r\nline"), "windows\nline");
});

Deno.test("an update changes the display of an earlier cell", () => {
  const collector = new OutputCollector(), first: CellOutput[] = [], second: CellOutput[] = [];
  const display = (type: string, text: string) =>
    message(type, { data: { "text/plain": text }, metadata: {}, transient: { display_id: "d" } });
  collector.cell(first).take(display("display_data", "1"));
  collector.cell(second).take(display("update_display_data", "2"));
  assert.deepEqual(first, [{ output_type: "display_data", data: { "text/plain": ["2"] }, metadata: {} }]);
  assert.deepEqual(second, []);
});

Deno.test("clear_output empties at once, or with wait when the next output comes", () => {
  assert.deepEqual(collect(stream("a"), message("clear_output", {})), []);
  const waiting = collect(stream("a"), message("clear_output", { wait: true }));
  assert.equal(waiting.length, 1);
  assert.deepEqual(collect(stream("a"), message("clear_output", { wait: true }), stream("b")), [
    { output_type: "stream", name: "stdout", text: ["b"] },
  ]);
});

Deno.test("JSON stays JSON, text becomes lines, an empty result is left out", () => {
  const data = { "text/html": "<p>\n</p>", "application/json": { a: 1 } };
  assert.deepEqual(
    collect(
      message("execute_result", { execution_count: 2, data: {} }),
      message("execute_result", { execution_count: 3, data, metadata: {} }),
    ),
    [{
      output_type: "execute_result",
      execution_count: 3,
      data: { "text/html": ["<p>\n", "</p>"], "application/json": { a: 1 } },
      metadata: {},
    }],
  );
});

Deno.test("an output above the limit is refused and its size remembered", () => {
  const cell = new OutputCollector().cell([]);
  cell.take(message("display_data", { data: { "text/plain": "x" } }, MAX_OUTPUT_BYTES + 1));
  assert.equal(cell.outputs.length, 0);
  assert.equal(cell.oversizedBytes, MAX_OUTPUT_BYTES + 1);
});

Deno.test("a message reads back as it was written, and a changed frame is refused", () => {
  const codec = new Codec("key", "s");
  const { id, frames } = codec.encode("execute_request", { code: "1" });
  assert.equal(id, "s-1");
  const routed = [new Uint8Array([1]), ...frames];
  assert.equal(codec.decode(routed).type, "execute_request");
  assert.deepEqual(codec.decode(routed).content, { code: "1" });
  assert.throws(() => new Codec("other", "s").decode(frames), /signature/);
  assert.throws(() => codec.decode(frames.slice(1)), /without "<IDS\|MSG>"/);
});
