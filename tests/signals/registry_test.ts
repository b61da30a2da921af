/** Files in the folder of signals that are none: every task reads the folder, so the refusal names the file. */
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";

/** Reads all signals of a copy of the kit with one file more. */
async function readWith(file: string, code: string): Promise<unknown> {
  const folder = await Deno.makeTempDir();
  try {
    for (const room of ["base", "records", "graph", "signals"]) {
      await cp(join(PROJECT_ROOT, "lib", room), join(folder, "lib", room), { recursive: true });
    }
    await Deno.writeTextFile(join(folder, "lib", "signals", file), code);
    return await import(pathToFileURL(join(folder, "lib", "signals", "registry.ts")).href);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a signal file without a signal as default export is named, with what is wanted", async () => {
  const table: [string, RegExp][] = [
    [
      "export const other = 1;",
      /lib\/signals\/stray\.signal\.ts exports nothing as default: end it with "export/,
    ],
    ["export default () => 1;", /lib\/signals\/stray\.signal\.ts exports a function as default/],
    ["export default null;", /lib\/signals\/stray\.signal\.ts exports null as default/],
    [
      'export default { name: "astray" };',
      /lib\/signals\/stray\.signal\.ts exports the signal astray: the two/,
    ],
    ['export default { name: "stray" };', /signal stray: it lacks kind, coordinates, scope, feature, value/],
  ];
  for (const [code, message] of table) {
    await assert.rejects(readWith("stray.signal.ts", code), (error) => {
      assert.ok(error instanceof TypeError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
});
