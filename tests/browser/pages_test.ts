/** Our pages in a real browser: no error, no request, nothing cut off, in light and dark, on a phone and on a desk. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DirectedGraph } from "graphology";
import * as Plot from "@observablehq/plot";
import type { Browser } from "playwright-core";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { runNotebooks } from "../../lib/notebook/batch.ts";
import { parseNotebook } from "../../lib/notebook/document.ts";
import { exportHtml } from "../../lib/notebook/export.ts";
import { notebookHtml } from "../../lib/notebook/html.ts";
import { plotlyInit, plotlyView } from "../../lib/report/plotly.ts";
import { codeView, foldedView, listView, reportHtml } from "../../lib/report/report.ts";
import { viewOf } from "../../lib/report/show.ts";
import { CHROMIUM, inkOfImages, screenshot, withBrowser } from "./browser.ts";

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const;
const options = { ignore: CHROMIUM === undefined, sanitizeOps: false, sanitizeResources: false };

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Opens a file in every setting; each must load without error or request and without sideways scrolling. */
async function look(
  browser: Browser,
  file: string,
  name: string,
  images: number,
  ready?: string,
  schemes: readonly ("light" | "dark")[] = ["light", "dark"],
): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of schemes) {
      const context = await browser.newContext({ viewport, colorScheme });
      const page = await context.newPage();
      const complaints: string[] = [], requests: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => {
        if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
      });
      const url = pathToFileURL(file).href;
      await page.goto(url, { waitUntil: "load" });
      if (ready) await page.waitForSelector(ready, { timeout: 20_000 });
      const where = `${name}, ${size}, ${colorScheme}`;
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= viewport.width, `${where}: the page is ${width} px wide`);
      const ink = await inkOfImages(page, "main img, main figure > svg");
      assert.equal(ink.length, images, where);
      ink.forEach((share, i) => assert.ok(share > 0.005, `${where}: image ${i} has ink on ${share} of it`));
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(ground, colorScheme === "dark" ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)", where);
      await screenshot(page, `${name}_${size}_${colorScheme}`);
      assert.deepEqual(complaints, [], where);
      assert.deepEqual(requests, [url], where);
      await context.close();
    }
  }
}

Deno.test({
  ...options,
  name: "an executed notebook's page opens from disk, offline, in light and dark, on phone and desk",
  fn: () =>
    inFolder(async (folder) => {
      const fixture = join(PROJECT_ROOT, "tests", "testdata", "notebooks", "fixture.ipynb");
      const [run] = await runNotebooks([fixture], { outDir: folder });
      assert.equal(run!.failure, undefined);
      const { file } = exportHtml(run!.out);
      await withBrowser((browser) => look(browser, file, "notebook", 1));
    }),
});

Deno.test({
  ...options,
  name: "a report with every kind of view opens from disk, offline, in light and dark, on phone and desk",
  fn: () =>
    inFolder(async (folder) => {
      const graph = new DirectedGraph();
      for (let i = 0; i < 24; i++) {
        graph.mergeEdge(`src/room${i % 3}/file_${i}.ts`, `src/room${i % 3}/file_${(i * 5 + 3) % 24}.ts`);
      }
      const ranked = ["pagerank", "churn", "depth"].map((file, i) => ({
        file: `lib/some/long/path/to/${file}.ts`,
        rank: i + 1,
        score: 3 - i,
        parts: { pagerank: 2 - i / 2, boost: 1.2, depth: -0.2 - i / 10 },
        relevant: i === 1,
      }));
      const heat = Array.from(
        { length: 144 },
        (_, i) => ({ x: i % 12, y: Math.floor(i / 12), ndcg: Math.sin(i / 30) }),
      );
      const html = reportHtml({
        title: "A study of everything that can be shown",
        lead: "Every view once, to be looked at in both colour schemes and at both widths.",
        sections: [
          {
            title: "Tables and rankings",
            blocks: [
              "Numbers are exact and stand under each other.",
              await viewOf(
                Array.from({ length: 6 }, (_, i) => ({
                  repo: `owner/repository-${i}`,
                  cases: 100n * BigInt(i + 1),
                  ndcg: 0.4 + i / 17,
                  note: i === 3 ? "a note that is long enough to be wrapped on a narrow screen" : null,
                })),
                { title: "Repositories", units: { cases: "count" } },
              ),
              await viewOf(ranked, { title: "One case" }),
            ],
          },
          {
            title: "Figures",
            blocks: [
              await viewOf(
                {
                  marks: [Plot.cell(heat, { x: "x", y: "y", fill: "ndcg" })],
                  color: { legend: true },
                  padding: 0,
                },
                { alt: "A heat map in waves", title: "Heat map" },
              ),
              await viewOf(graph, { around: "src/room0/file_0.ts", hops: 2 }),
            ],
            sections: [{
              title: "Changes",
              blocks: [
                await viewOf({ before: { alpha: 0.85, boost: 20 }, after: { alpha: 0.9, boost: 20 } }),
                await viewOf({
                  op: "sum",
                  terms: [{ op: "signal", name: "churn" }, { op: "signal", name: "depth" }],
                }),
              ],
            }],
          },
          {
            title: "The rest",
            blocks: [
              listView(["first", "second"]),
              foldedView("The command", codeView("deno task report", "sh")),
            ],
          },
        ],
        provenance: { commit: "0123456789abcdef0123456789abcdef01234567", seed: "1", deno: "2.9.6" },
      });
      const file = join(folder, "report.html");
      await Deno.writeTextFile(file, html);
      await withBrowser((browser) => look(browser, file, "report", 2));
    }),
});

Deno.test({
  ...options,
  name: "an interactive figure draws itself from the library in the page, without a request",
  fn: () =>
    inFolder(async (folder) => {
      const figure = {
        data: [{ type: "scatter", x: [1, 2, 3], y: [2, 1, 3] }],
        layout: { title: { text: "Points" } },
      };
      const output = (data: object) => ({ output_type: "display_data", data, metadata: {} });
      const notebook = parseNotebook({
        cells: [{
          cell_type: "code",
          metadata: {},
          source: "show(figure)",
          outputs: [
            output((await plotlyInit()).bundle()),
            output(plotlyView(figure, "three points").bundle()),
          ],
          execution_count: 1,
        }],
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      });
      const file = join(folder, "plotly.html");
      await Deno.writeTextFile(file, notebookHtml(notebook, { title: "Plotly" }));
      await withBrowser((browser) =>
        look(browser, file, "plotly", 0, "svg.main-svg .scatterlayer path.point", ["dark"])
      );
    }),
});
