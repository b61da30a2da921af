/** No test can start a real model. */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { locateProgram } from "../../lib/claude/locate.ts";

/** A folder with an executable of this name, and what removes it. */
function decoy(name: string): { folder: string; file: string; [Symbol.dispose](): void } {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "decoy-" }));
  const file = join(folder, name);
  Deno.writeTextFileSync(file, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  return { folder, file, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

Deno.test("with RIPMAP_LAB_CLI_DIR set, neither PATH, nor the usual places, nor a named file is followed out of it", () => {
  using real = decoy("claude");
  using only = decoy("other");
  const usual = join(real.folder, ".local/bin");
  Deno.mkdirSync(usual, { recursive: true });
  Deno.copyFileSync(real.file, join(usual, "claude"));
  const open = { PATH: real.folder, HOME: real.folder };
  assert.equal(locateProgram("claude", { environment: open }), real.file);
  assert.equal(locateProgram("claude", { environment: { HOME: real.folder } }), join(usual, "claude"));
  const shut = { ...open, RIPMAP_LAB_CLI_DIR: only.folder };
  assert.equal(locateProgram("claude", { environment: shut }), undefined);
  assert.equal(locateProgram("claude", { environment: shut, bin: real.file }), undefined);
  Deno.symlinkSync(real.file, join(only.folder, "claude"));
  // A link out of the folder still stands in it: whoever set the folder put it there.
  assert.equal(locateProgram("claude", { environment: shut }), join(only.folder, "claude"));
});

Deno.test("programs of a repository under study, relative PATH entries, folders and non-executables are passed over", () => {
  using repository = decoy("claude");
  using installed = decoy("claude");
  const environment = { PATH: `.:${repository.folder}:${installed.folder}`, HOME: "/nowhere" };
  assert.equal(locateProgram("claude", { environment, notInside: [repository.folder] }), installed.file);
  Deno.chmodSync(installed.file, 0o644);
  assert.equal(
    locateProgram("claude", { environment: { ...environment, RIPMAP_LAB_CLI_DIR: installed.folder } }),
    undefined,
  );
});

Deno.test("every test that builds a command-line model builds it around a stand-in or around nothing", () => {
  const found: string[] = [], wrong: string[] = [];
  for (const file of sources(join(PROJECT_ROOT, "tests"))) {
    const text = Deno.readTextFileSync(file);
    if (!/\b(?:claudeCli|codexCli)\(/.test(text)) continue;
    found.push(file);
    // The environment is what decides where a program is looked for; the process's own must never be it.
    for (const call of text.matchAll(/\b(?:claudeCli|codexCli)\(([^;]*?)\)(?:;|\.| as)/gs)) {
      if (!/\benvironment\b/.test(call[1]!)) {
        wrong.push(`${relative(PROJECT_ROOT, file)}: ${call[0].slice(0, 80)}`);
      }
    }
  }
  assert.ok(found.length >= 3, "the search finds the tests it is about");
  assert.deepEqual(wrong, []);
});

function* sources(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory && entry.name !== "testdata") yield* sources(path);
    else if (entry.name.endsWith("_test.ts") && entry.name !== "no_real_cli_test.ts") yield path;
  }
}
