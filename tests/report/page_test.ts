import assert from "node:assert/strict";
import * as Plot from "@observablehq/plot";
import { figure } from "../../lib/report/figure.ts";
import { HeadingIds, page } from "../../lib/report/page.ts";
import {
  codeView,
  foldedView,
  listView,
  type Report,
  reportHtml,
  reportMarkdown,
} from "../../lib/report/report.ts";
import { table } from "../../lib/report/table.ts";

const report: Report = {
  title: "Study <one>",
  lead: "NDCG rose by 0.02 & stayed.",
  sections: [
    {
      title: "Numbers",
      blocks: [
        "A paragraph with <b>.",
        table([{ a: 1 }]),
        figure({ marks: [Plot.dot([[1, 2]])] }, { alt: "a dot" }),
      ],
      sections: [{
        title: "Details",
        blocks: [foldedView("More", codeView("let x = 1;", "ts")), listView(["x<y"])],
      }],
    },
    { title: "Numbers", blocks: [] },
  ],
  provenance: { commit: "abc", seed: "1" },
};

Deno.test("a report page has its contents, its provenance and nothing it must fetch", () => {
  const html = reportHtml(report);
  assert.ok(html.includes('<a href="#numbers">') && html.includes('<a href="#numbers-2">'));
  assert.ok(html.includes('<h2 id="numbers">') && html.includes('<h3 id="details">'));
  assert.ok(html.includes("<dt>commit</dt><dd>abc</dd>"));
  assert.ok(html.includes("default-src 'none'") && !html.includes("script-src"));
  assert.ok(!/<script|(?:src|href)="(?!data:|#)/.test(html));
  assert.ok(html.includes("Study &lt;one&gt;") && !html.includes("<b>."));
  assert.ok(html.includes("prefers-color-scheme:dark") && html.includes("@media print"));
  assert.ok(html.includes("<figure><svg"), "figures stand inline, in the page's ink");
});

Deno.test("the same report is Markdown with figures by link or by alt text", () => {
  const plain = reportMarkdown(report);
  assert.ok(plain.startsWith("# Study \\<one\\>\n"));
  assert.ok(plain.includes("*Figure: a dot*") && plain.includes("### Details"));
  assert.ok(plain.includes("- commit: abc"));
  const linked = reportMarkdown(report, {
    saveFigure: (view, n) => `${view.alt.replaceAll(" ", "_")}_${n}.svg`,
  });
  assert.ok(linked.includes("![a dot](a_dot_1.svg)"));
});

Deno.test("scripts run only where a page asks for them, and never fetch", () => {
  const html = page({ title: "t", body: "", scripts: true });
  assert.ok(html.includes("script-src 'unsafe-inline'") && html.includes("default-src 'none'"));
});

Deno.test("ids are words, and numbered when they come again", () => {
  const ids = new HeadingIds();
  assert.deepEqual(["α × β!", "α β", "?"].map((t) => ids.next(t)), ["α-β", "α-β-2", "section"]);
});
