/** JupyterLab itself, driven in Chromium: what people see when they open, run, stop and edit a notebook. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { listNotebooks, NOTEBOOKS_DIR } from "../../lib/notebook/catalogue.ts";
import { parseNotebook, readNotebook, textLines, writeNotebook } from "../../lib/notebook/document.ts";
import { readGolden } from "../../lib/notebook/golden.ts";
import { installKernelspec } from "../../lib/notebook/kernelspec.ts";
import { probeCommand } from "../../lib/notebook/lab.ts";
import { CHROMIUM, inkOfImages, screenshot, withBrowser } from "./browser.ts";

/** JUPYTER, the project's `.venv`, or the PATH. */
const JUPYTER = [Deno.env.get("JUPYTER"), join(PROJECT_ROOT, ".venv", "bin", "jupyter"), "jupyter"]
  .find((command) =>
    command && (command === "jupyter" || existsSync(command)) && probeCommand([command, "lab", "--version"])
  );
/** Run-All repeats of the fixture and of each notebook of the set; LAB_REPEATS=10 for the long proof. */
const REPEATS = Number(Deno.env.get("LAB_REPEATS") ?? 2),
  SET_REPEATS = Number(Deno.env.get("LAB_REPEATS") ?? 1);

if (JUPYTER === undefined) {
  console.error(
    "JupyterLab tests are skipped: no jupyter lab. Run deno task lab once, or set JUPYTER to its path",
  );
}

/** A folder with the notebooks, a deno.json for them and everything Jupyter keeps, so that nothing is left behind. */
async function inLab(notebooks: Record<string, string>, work: (url: string, page: Page) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const config = JSON.parse(await Deno.readTextFile(join(PROJECT_ROOT, "deno.json")));
  const imports = {
    ...config.imports,
    "lab/": pathToFileURL(join(PROJECT_ROOT, "lab")).href.replace(/lab$/, "lib/"),
  };
  const root = join(folder, "notebooks"), settings = join(folder, "settings");
  for (const path of [root, settings]) await Deno.mkdir(path);
  await Deno.writeTextFile(
    join(root, "deno.json"),
    JSON.stringify({
      compilerOptions: config.compilerOptions,
      imports,
      lock: false,
      nodeModulesDir: "manual",
    }),
  );
  await Deno.symlink(join(PROJECT_ROOT, "node_modules"), join(root, "node_modules"));
  await Deno.writeTextFile(
    join(settings, "overrides.json"),
    JSON.stringify({
      "@jupyterlab/apputils-extension:notification": {
        checkForUpdates: false,
        fetchNews: "false",
        doNotDisturbMode: true,
      },
    }),
  );
  for (const [name, text] of Object.entries(notebooks)) await Deno.writeTextFile(join(root, name), text);
  installKernelspec({ dir: join(folder, "data") });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = (listener.addr as Deno.NetAddr).port;
  listener.close();
  const server = new Deno.Command(JUPYTER!, {
    args: [
      "lab",
      "--no-browser",
      "--allow-root",
      "--ip=127.0.0.1",
      `--port=${port}`,
      "--ServerApp.port_retries=0",
      "--IdentityProvider.token=",
      "--ServerApp.password=",
      `--ServerApp.root_dir=${root}`,
      `--LabApp.app_settings_dir=${settings}`,
      "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
      "--expose-app-in-browser",
    ],
    env: {
      JUPYTER_DATA_DIR: join(folder, "data"),
      JUPYTER_CONFIG_DIR: join(folder, "config"),
      JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
      RIPMAP_LAB_RESULTS: join(folder, "results"),
      RIPMAP_LAB_CACHE: join(folder, "cache"),
      DENO_NO_UPDATE_CHECK: "1",
    },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const url = `http://127.0.0.1:${port}`;
    for (let tries = 0; !await answers(`${url}/api/status`); tries++) {
      assert.ok(tries < 300, "JupyterLab did not answer within 60 s");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await withBrowser(async (browser) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await work(url, page);
      // Kernels end by the server's word, before it is ended itself.
      await page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()");
    });
  } finally {
    server.kill("SIGTERM");
    await server.status;
    await Deno.remove(folder, { recursive: true });
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Opens a notebook and waits until its kernel is idle. */
async function open(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}/lab/tree/${name}?reset`, { timeout: 120_000 });
  await page.waitForSelector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell");
  await idle(page);
}

const PANEL = "window.jupyterapp.shell.currentWidget";

async function idle(page: Page): Promise<void> {
  await page.waitForFunction(`${PANEL}?.sessionContext?.session?.kernel?.status === "idle"`, undefined, {
    timeout: 60_000,
  });
}

async function command(page: Page, id: string): Promise<void> {
  await page.evaluate(`void window.jupyterapp.commands.execute(${JSON.stringify(id)})`);
}

/** Restart and Run All as the menu does it, with the question answered. Waits until every code cell has its number. */
async function restartAndRunAll(page: Page): Promise<void> {
  const code = `[...${PANEL}.content.widgets].filter((w) => w.model.type === "code")`;
  await command(page, "notebook:clear-all-cell-outputs");
  await page.waitForFunction(`${code}.every((w) => w.model.executionCount === null)`);
  await command(page, "notebook:restart-run-all");
  await page.click(".jp-Dialog button.jp-mod-accept");
  await page.waitForFunction(`${code}.every((w, i) => w.model.executionCount === i + 1)`, undefined, {
    timeout: 240_000,
  });
  await idle(page);
}

/**
 * How many outputs each code cell has, and how many of them show a text or a picture on the page. A stream counts once, as in the golden
 * counts. Every cell is scrolled to first: JupyterLab draws only what is near the window.
 */
function countShown(page: Page): Promise<Record<string, { outputs: number; shown: number }>> {
  return page.evaluate(`(async () => {
    const { content } = ${PANEL}, found = {};
    for (const [i, widget] of content.widgets.entries()) {
      if (widget.model.type !== "code") continue;
      const outputs = widget.model.outputs.toJSON();
      const streams = new Set(outputs.filter((o) => o.output_type === "stream").map((o) => o.name)).size;
      if (outputs.length === 0) continue;
      const error = outputs.find((o) => o.output_type === "error");
      if (error) throw new Error(widget.model.id + ": " + error.ename + ": " + error.evalue);
      await content.scrollToItem(i);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const drawn = [...widget.node.querySelectorAll(".jp-OutputArea-output")].filter((o) =>
        o.innerText.trim() !== "" || o.querySelector("img, svg, canvas, iframe"));
      found[widget.model.id] = {
        outputs: outputs.filter((o) => o.output_type !== "stream").length + streams,
        shown: drawn.length - outputs.filter((o) => o.output_type === "stream").length + streams,
      };
    }
    return found;
  })()`);
}

/** The outputs that the page itself shows under each code cell, by cell id. */
function shown(page: Page): Promise<Record<string, string>> {
  return page.evaluate(
    `Object.fromEntries([...${PANEL}.content.widgets].filter((w) => w.model.type === "code")
    .map((w) => [w.model.id, [...w.node.querySelectorAll(".jp-OutputArea-output")].map((o) => o.innerText + (o.querySelector("img") ? "[image]" : "")).join("\\n").trim()]))`,
  );
}

const options = {
  ignore: CHROMIUM === undefined || JUPYTER === undefined,
  sanitizeOps: false,
  sanitizeResources: false,
};

Deno.test({
  ...options,
  name:
    "in JupyterLab every Run-All puts each output under its own cell, and an edited parameter gives the new answer",
  fn: async () => {
    const fixture = join(PROJECT_ROOT, "tests", "testdata", "notebooks", "fixture.ipynb");
    await inLab({ "fixture.ipynb": await Deno.readTextFile(fixture) }, async (url, page) => {
      await open(page, url, "fixture.ipynb");
      for (let i = 0; i < REPEATS; i++) {
        await restartAndRunAll(page);
        const outputs = await shown(page);
        const where = `repeat ${i + 1}: ${JSON.stringify(outputs).slice(0, 600)}`;
        assert.equal(outputs.parameters + outputs.setup! + outputs.quiet!, "", where);
        assert.equal(outputs.value, "20", where);
        assert.equal(outputs.streams!.match(/fixture line \d+/g)?.length, 50, where);
        assert.match(outputs.streams!, /a warning/, where);
        assert.match(outputs.table!, /src\/<b>\.ts/, where);
        assert.equal(outputs.plot, "[image]", where);
      }
      const ink = await inkOfImages(page, ".jp-OutputArea-output img");
      assert.equal(ink.length, 1);
      assert.ok(ink[0]! > 0.005);
      for (const theme of ["JupyterLab Light", "JupyterLab Dark"]) {
        await page.evaluate(
          `window.jupyterapp.commands.execute("apputils:change-theme", { theme: ${JSON.stringify(theme)} })`,
        );
        for (const cell of ["setup", "plot"]) {
          await page.evaluate(
            `${PANEL}.content.widgets.find((w) => w.model.id === "${cell}").node.scrollIntoView()`,
          );
          await page.waitForTimeout(500);
          await screenshot(page, `lab_${cell}_${theme.split(" ")[1]!.toLowerCase()}`, false);
        }
      }
      await page.evaluate(
        `${PANEL}.content.widgets.find((w) => w.model.id === "parameters").model.sharedModel.setSource('let repo = "edited";\\nlet k = 21;')`,
      );
      await restartAndRunAll(page);
      const outputs = await shown(page);
      assert.equal(outputs.value, "42");
      assert.match(outputs.streams!, /edited line 49/);
    });
  },
});

Deno.test({
  ...options,
  name: "in JupyterLab every notebook of the set shows all its outputs, each under its own cell",
  fn: async () => {
    const files = listNotebooks(), golden = readGolden(NOTEBOOKS_DIR);
    const texts = files.map((file): [string, string] => [basename(file), Deno.readTextFileSync(file)]);
    await inLab(Object.fromEntries(texts), async (url, page) => {
      for (const [name] of texts) {
        await open(page, url, name);
        const wanted = Object.fromEntries(
          Object.entries(golden[name.replace(/\.ipynb$/, "")]!).map(([cell, outputs]) => [
            cell,
            { outputs, shown: outputs },
          ]),
        );
        for (let i = 0; i < SET_REPEATS; i++) {
          await restartAndRunAll(page);
          assert.deepEqual(await countShown(page), wanted, `${name}, repeat ${i + 1} of ${SET_REPEATS}`);
        }
        await page.evaluate(`${PANEL}.content.scrollToItem(0)`);
        console.error(`${name}: ${SET_REPEATS} of ${SET_REPEATS} repeats complete`);
        await screenshot(page, `lab_${name.replace(/\.ipynb$/, "")}`, false);
        await command(page, "docmanager:save");
        await page.waitForFunction(`!${PANEL}.context.model.dirty`);
        await page.evaluate(`${PANEL}.sessionContext.shutdown()`);
      }
    });
  },
});

Deno.test({
  ...options,
  name: "in JupyterLab Stop ends a long evaluation and the kernel keeps its state",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const file = join(folder, "stop.ipynb");
    const sources = { state: "let state = 41;", busy: "while (true) {}", after: "state + 1" };
    writeNotebook(
      file,
      parseNotebook({
        cells: Object.entries(sources).map(([id, source]) => ({
          cell_type: "code",
          id,
          metadata: {},
          source: textLines(source),
          outputs: [],
          execution_count: null,
        })),
        metadata:
          readNotebook(join(PROJECT_ROOT, "tests", "testdata", "notebooks", "fixture.ipynb")).metadata,
        nbformat: 4,
        nbformat_minor: 5,
      }),
    );
    try {
      await inLab({ "stop.ipynb": await Deno.readTextFile(file) }, async (url, page) => {
        await open(page, url, "stop.ipynb");
        const run = async (place: number) => {
          await page.evaluate(`${PANEL}.content.activeCellIndex = ${place}`);
          await command(page, "notebook:run-cell");
        };
        await run(0);
        await page.waitForFunction(`${PANEL}.content.widgets[0].model.executionCount === 1`);
        await run(1);
        await page.waitForFunction(`${PANEL}.sessionContext.session.kernel.status === "busy"`);
        const kernel = await page.evaluate(`${PANEL}.sessionContext.session.kernel.id`);
        await page.click('.jp-NotebookPanel:not(.lm-mod-hidden) [data-jp-item-name="interrupt"]');
        await idle(page);
        await run(2);
        await page.waitForFunction(`${PANEL}.content.widgets[2].model.executionCount !== null`);
        await idle(page);
        assert.equal((await shown(page)).after, "42");
        assert.equal(await page.evaluate(`${PANEL}.sessionContext.session.kernel.id`), kernel);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
