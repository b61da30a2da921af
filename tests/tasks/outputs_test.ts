import assert from "node:assert/strict";
import { join } from "node:path";
import { outputFault } from "../../lib/tasks/outputs.ts";

Deno.test("a place to write to is refused when it is the other kind or lies in a file, and free or of its kind it is not", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const file = join(folder, "page.md");
    Deno.writeTextFileSync(file, "");
    assert.equal(outputFault(undefined, "file"), undefined);
    assert.equal(outputFault(file, "file"), undefined);
    assert.equal(outputFault(folder, "folder"), undefined);
    assert.equal(outputFault(join(folder, "not", "there", "yet.md"), "file"), undefined);
    assert.equal(outputFault("new.md", "file"), undefined);
    assert.equal(outputFault("/dev/null", "file"), undefined);
    assert.match(outputFault(folder, "file")!, /is a folder: a file is wanted$/);
    assert.match(outputFault(file, "folder")!, /is a file: a folder is wanted$/);
    assert.match(outputFault(join(file, "x", "y.md"), "file")!, /cannot be made: .*page\.md is a file$/);
    assert.match(outputFault("", "file")!, /nothing is named/);
    assert.deepEqual([...Deno.readDirSync(folder)].map((e) => e.name), ["page.md"], "looking makes nothing");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
