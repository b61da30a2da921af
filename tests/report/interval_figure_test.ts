import assert from "node:assert/strict";
import { intervalFigure, type IntervalRow } from "../../lib/report/interval_figure.ts";
import { CATEGORIES } from "../../lib/report/palette.ts";

const text = { title: "Which", label: "gain", about: "Gain of each", caption: "Dot: mean." };
const row = (name: string, more: Partial<IntervalRow> = {}): IntervalRow => ({
  name,
  estimate: 0.1,
  low: 0,
  high: 0.2,
  ...more,
});

Deno.test("an interval figure names every row in order, says its numbers in the alt text and marks rows in the second colour", () => {
  const { svg, alt } = intervalFigure([row("first"), row("second", { estimate: -0.25, marked: true })], text);
  assert.equal(alt, "Gain of each: first 0.100, second -0.250.");
  assert.ok(svg.indexOf(">first<") < svg.indexOf(">second<"));
  for (const words of ["Which", "gain", "Dot: mean."]) assert.ok(svg.includes(words), words);
  assert.ok(svg.includes(CATEGORIES[0]!) && svg.includes(CATEGORIES[1]!));
});

Deno.test("long names are cut and leave room for the marks; no rows and twins are refused", () => {
  const { svg, width } = intervalFigure([row("a name ".repeat(20))], text);
  assert.match(svg, /a name a name .*…</);
  assert.ok(width >= 640);
  assert.throws(() => intervalFigure([], text), /at least one row/);
  assert.throws(() => intervalFigure([row("a"), row("a")], text), /two rows called "a"/);
});
