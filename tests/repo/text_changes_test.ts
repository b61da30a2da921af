/** Changes between texts rebuild the one from the other. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { changesBetween, editsOf } from "../../lib/repo/text_changes.ts";

const line = fc.constantFrom("a", "b", "", "  c", "call(x)", "}", "é", "𝒳 one", "𝒴 one", "tail 𝒳", "tail 𝒴");
const text = fc.array(fc.oneof(line, fc.string({ maxLength: 4 })), { maxLength: 40 }).map((lines) =>
  lines.join("\n")
);
const runs = { seed: 5, numRuns: 500 };

Deno.test("replacing every change in the old text gives the new text; changes ascend and do not touch", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      let rebuilt = "", at = 0, atNew = 0;
      for (const { oldStart, oldEnd, newStart, newEnd } of changesBetween(before, after)) {
        assert.ok(at === 0 || oldStart > at || newStart > atNew);
        assert.equal(oldStart - at, newStart - atNew);
        assert.ok(oldEnd > oldStart || newEnd > newStart);
        rebuilt += before.slice(at, oldStart) + after.slice(newStart, newEnd);
        at = oldEnd;
        atNew = newEnd;
      }
      assert.equal(rebuilt + before.slice(at), after);
    }),
    runs,
  );
});

Deno.test("equal texts have no change", () => {
  assert.deepEqual(changesBetween("one\ntwo", "one\ntwo"), []);
});

Deno.test("edits far apart are two small changes, not one large", () => {
  const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
  const changes = changesBetween(lines.join("\n"), lines.with(3, "line X").with(90, "new").join("\n"));
  assert.deepEqual(changes.map(({ oldEnd, oldStart }) => oldEnd - oldStart), [1, 7]);
});

Deno.test("a change never splits a surrogate pair", () => {
  assert.deepEqual(changesBetween("x = '\u{1d4b3}'", "x = '\u{1d4b4}'"), [
    { oldStart: 5, oldEnd: 7, newStart: 5, newEnd: 7 },
  ]);
  assert.deepEqual(changesBetween("x = '\u{1d4b3}'", "x = '\u{1d8b3}'"), [
    { oldStart: 5, oldEnd: 7, newStart: 5, newEnd: 7 },
  ]);
});

Deno.test("edits carry rows and columns in old coordinates, last edit first", () => {
  const before = Array.from({ length: 20 }, (_, i) => `l${i}`);
  const after = before.with(2, "l2 and\nmore").with(15, "gone");
  const edits = editsOf(
    changesBetween(before.join("\n"), after.join("\n")),
    before.join("\n"),
    after.join("\n"),
  );
  assert.deepEqual(edits.map((e) => [e.startPosition, e.oldEndPosition, e.newEndPosition]), [
    [{ row: 15, column: 0 }, { row: 15, column: 3 }, { row: 15, column: 4 }],
    [{ row: 2, column: 2 }, { row: 2, column: 2 }, { row: 3, column: 4 }],
  ]);
});
