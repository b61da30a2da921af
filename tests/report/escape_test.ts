import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeHtml, escapeMarkdown, fence } from "../../lib/report/escape.ts";

Deno.test("no text survives escaping with a character HTML acts on", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const html = escapeHtml(text);
      assert.ok(!/[<>"']/.test(html));
      assert.ok(!/&(?!(amp|lt|gt|quot|#39);)/.test(html));
    }),
    { seed: 1 },
  );
});

Deno.test("a Markdown cell stays one cell on one line", () => {
  assert.equal(escapeMarkdown("a|b\n<c> *d*"), "a\\|b \\<c\\> \\*d\\*");
});

Deno.test("a fence is longer than every run of backticks inside it", () => {
  assert.equal(fence("x ```` y", "ts"), "`````ts\nx ```` y\n`````\n");
});
