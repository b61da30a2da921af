import assert from "node:assert/strict";
import * as Plot from "@observablehq/plot";
import { inflateSync } from "node:zlib";
import { CATEGORIES } from "../../lib/report/palette.ts";
import { figure, figureOfSvg } from "../../lib/report/figure.ts";
import { pngDataUrl } from "../../lib/report/png.ts";
import { fitText, wrapText } from "../../lib/report/svg.ts";

const points = [{ x: 1, y: 2, group: "<a>" }, { x: 2, y: 3, group: "b" }];
const dots = { marks: [Plot.dot(points, { x: "x", y: "y", fill: "group" })], color: { legend: true } };

/** An XML reader of the crudest kind: every tag closed in order, no attribute twice. Browsers refuse images that fail it. */
function checkXml(svg: string): void {
  const open: string[] = [];
  for (
    const [, close, name, attributes, empty] of svg.matchAll(/<(\/?)([\w:]+)((?:"[^"]*"|[^">])*?)(\/?)>/g)
  ) {
    if (close) {
      assert.equal(open.pop(), name);
      continue;
    }
    const names = [...attributes!.matchAll(/([\w:-]+)="/g)].map(([, key]) => key);
    assert.equal(new Set(names).size, names.length, `<${name}> has an attribute twice: ${names}`);
    if (!empty) open.push(name!);
  }
  assert.deepEqual(open, []);
}

Deno.test("a figure is one standalone SVG in one image with its alt text", () => {
  const view = figure(dots, { alt: 'two dots & a "name"', title: "T", caption: "C" });
  checkXml(view.svg);
  assert.ok(view.svg.startsWith("<svg xmlns="));
  assert.match(
    view.html,
    /^<img alt="two dots &amp; a &quot;name&quot;" [^>]*src="data:image\/svg\+xml;base64,/,
  );
  assert.equal(view.text, '[figure: two dots & a "name"]');
  assert.ok(view.svg.includes(">T</text>") && view.svg.includes(">C</text>"));
  assert.ok(!view.svg.includes("<a>"), "labels are escaped");
});

Deno.test("a figure without alt text is refused with an example", () => {
  assert.throws(() => figure(dots, { alt: " " }), /without alt text.*alt: "/s);
});

Deno.test("colours are the kit's where none are chosen, and the author's where they are", () => {
  const ours = figure(dots, { alt: "a" }).svg;
  assert.ok(ours.includes(CATEGORIES[0]!) && ours.includes(CATEGORIES[1]!));
  const theirs = figure({ ...dots, color: { range: ["#123456", "#654321"] } }, { alt: "a" }).svg;
  assert.ok(theirs.includes("#123456") && !theirs.includes(CATEGORIES[0]!));
});

Deno.test("continuous legends and rasters are drawn without a browser", () => {
  const values = Array.from({ length: 64 }, (_, i) => i);
  const view = figure(
    { marks: [Plot.raster(values, { width: 8, height: 8 })], color: { legend: true } },
    { alt: "ramp" },
  );
  checkXml(view.svg);
  assert.equal(view.svg.match(/data:image\/png;base64/g)?.length, 2);
});

Deno.test("the ground is transparent and the ink follows the page", () => {
  const svg = figure(dots, { alt: "a" }).svg;
  assert.ok(svg.includes("color:var(--figure-ink,"));
  assert.match(svg, /style="[^"]*background: ?transparent/);
  assert.ok(!/<rect[^>]*fill="white"/.test(svg));
});

Deno.test("a hand-drawn figure grows by its title and caption", () => {
  const bare = figureOfSvg("<g></g>", 100, 50, { alt: "a" });
  const full = figureOfSvg("<g></g>", 100, 50, { alt: "a", title: "t", caption: "c" });
  assert.equal(bare.height, 50);
  assert.ok(full.height > 80);
});

Deno.test("PNG rows hold the pixels they were given", () => {
  const pixels = new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 128]);
  const bytes = Uint8Array.fromBase64(pngDataUrl(2, 1, pixels).replace("data:image/png;base64,", ""));
  assert.deepEqual([...bytes.slice(1, 4)].map((c) => String.fromCharCode(c)).join(""), "PNG");
  const view = new DataView(bytes.buffer);
  const length = view.getUint32(33);
  assert.deepEqual([...inflateSync(bytes.slice(41, 41 + length))], [0, ...pixels]);
  assert.throws(() => pngDataUrl(2, 2, pixels), RangeError);
});

Deno.test("text is wrapped at spaces and fitted in the middle", () => {
  assert.deepEqual(wrapText("aa bb cc", 10, 30), ["aa bb", "cc"]);
  assert.equal(fitText("lib/report/figure.ts", 10, 60), "lib…ure.ts");
});
