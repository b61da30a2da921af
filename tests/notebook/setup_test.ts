import assert from "node:assert/strict";
import { join } from "node:path";
import { findNotebooks } from "../../lib/notebook/catalogue.ts";
import { goldenProblem, readGolden, writeGolden } from "../../lib/notebook/golden.ts";
import { installKernelspec, jupyterDataDir, warningsFor } from "../../lib/notebook/kernelspec.ts";
import { planLab } from "../../lib/notebook/lab.ts";

async function inFolder(work: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a name means a file, a whole name or a beginning only one notebook has", () =>
  inFolder((folder) => {
    for (const name of ["00_start", "01_cases", "01_more", "x.txt"]) {
      Deno.writeTextFileSync(join(folder, name.includes(".") ? name : `${name}.ipynb`), "{}");
    }
    const at = (name: string) => join(folder, `${name}.ipynb`);
    assert.deepEqual(findNotebooks([], folder), ["00_start", "01_cases", "01_more"].map(at));
    assert.deepEqual(findNotebooks(["00", "01_more.ipynb", at("01_cases")], folder), [
      at("00_start"),
      at("01_more"),
      at("01_cases"),
    ]);
    assert.throws(
      () => findNotebooks(["01"], folder),
      /2 notebooks called "01".*00_start, 01_cases, 01_more/,
    );
    assert.throws(() => findNotebooks(["99"], folder), /No notebook called "99".*00_start, 01_cases/);
    assert.deepEqual(findNotebooks([], join(folder, "missing")), []);
  }));

Deno.test("golden counts name the cells that lost or gained an output", () =>
  inFolder((folder) => {
    assert.deepEqual(readGolden(folder), {});
    writeGolden(folder, { a: { x: 1, y: 2 } });
    writeGolden(folder, { b: {} });
    assert.deepEqual(readGolden(folder), { a: { x: 1, y: 2 }, b: {} });
    assert.equal(goldenProblem({ x: 1, y: 2 }, { x: 1, y: 2 }), undefined);
    assert.match(
      goldenProblem({ x: 1, y: 1 }, { x: 1, y: 2, z: 1 })!,
      /^2 outputs, the golden count is 4: y has 1, wanted 2; z has 0, wanted 1\. /,
    );
    assert.match(goldenProblem({ x: 1, z: 1 }, { x: 1 })!, /z has 1, wanted 0/);
  }));

Deno.test("the kernelspec starts this deno, stops by message and keeps what others put there", () =>
  inFolder((dir) => {
    const { file } = installKernelspec({ dir, heapMb: 1024 });
    const spec = JSON.parse(Deno.readTextFileSync(file));
    assert.deepEqual(spec.argv, [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"]);
    assert.equal(spec.interrupt_mode, "message");
    assert.equal(spec.env.DENO_V8_FLAGS, "--max-old-space-size=1024");
    Deno.writeTextFileSync(
      file,
      JSON.stringify({ ...spec, metadata: { mine: 1 }, env: { ...spec.env, A: "b" } }),
    );
    installKernelspec({ dir });
    const again = JSON.parse(Deno.readTextFileSync(file));
    assert.deepEqual(again.metadata, { mine: 1 });
    assert.deepEqual(again.env, { A: "b", DENO_V8_FLAGS: "--max-old-space-size=8192" });
  }));

Deno.test("a deno in npx's cache draws a warning, another does not", () => {
  assert.match(warningsFor("/home/a/.npm/_npx/1b2/node_modules/deno/deno")[0]!, /npx's cache/);
  assert.deepEqual(warningsFor("/usr/bin/deno"), []);
});

Deno.test("Jupyter's data folder is found as Jupyter finds it", () => {
  const env = (values: Record<string, string>) => (name: string) => values[name];
  assert.equal(jupyterDataDir("linux", env({ HOME: "/h" })), "/h/.local/share/jupyter");
  assert.equal(jupyterDataDir("linux", env({ HOME: "/h", XDG_DATA_HOME: "/x" })), "/x/jupyter");
  assert.equal(jupyterDataDir("darwin", env({ HOME: "/h" })), "/h/Library/Jupyter");
  assert.equal(jupyterDataDir("linux", env({ HOME: "/h", JUPYTER_DATA_DIR: "/j" })), "/j");
  assert.throws(() => jupyterDataDir("linux", env({})), /--dir/);
});

Deno.test("the lab uses what is there, else uv, else pip, else says what to install", () =>
  inFolder((root) => {
    const plan = (...there: string[]) => planLab(root, (command) => there.includes(command[0]!));
    assert.deepEqual(plan("jupyter", "uv"), { jupyter: ["jupyter"], steps: [] });
    assert.deepEqual(plan("uv", "python3").steps.map((s) => s.command[0]), ["uv", "uv"]);
    const pip = plan("python3");
    assert.deepEqual(pip.steps[0]!.command, ["python3", "-m", "venv", join(root, ".venv")]);
    assert.ok(pip.steps[1]!.command.join(" ").includes("-m pip install --quiet jupyterlab=="));
    assert.throws(() => plan(), /neither jupyter nor uv nor a Python/);
  }));
