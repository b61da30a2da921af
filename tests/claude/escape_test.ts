/** Foreign text on its way into prompts and onto terminals. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { promptJson, redactEmails, redactSecrets, terminalText, truncateText } from "../../lib/claude/mod.ts";

const ACTIVE = /[@<>&`\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|ultrathink|\udb40/i;

Deno.test("promptJson is inert and gives the text back exactly", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "@/etc/passwd",
      "UltraThink",
      "a\u202eb",
      "\u{e0041}x",
      "<b>&`",
      "\u0000\u001b[2J",
      "\\u0040",
      "\ud800",
    ),
  ).filter((s) => s === redactEmails(redactSecrets(s)));
  fc.assert(
    fc.property(fc.dictionary(text, fc.array(text)), (value) => {
      const out = promptJson(value, { maxString: 10_000 });
      assert.doesNotMatch(out, ACTIVE);
      assert.ok(out.isWellFormed());
      assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(value)));
    }),
    { seed: 7, numRuns: 200 },
  );
});

Deno.test("long strings, long arrays and long decimals are cut, and say so", () => {
  assert.equal(promptJson({ s: "abcdef" }, { maxString: 3, indent: 0 }), '{"s":"abc… (3 more characters)"}');
  assert.equal(promptJson([1, 2, 3, 4], { maxItems: 2, indent: 0 }), '[1,2,"(2 more left out)"]');
  assert.equal(promptJson([1 / 3, 1234567, 0.1 + 0.2], { indent: 0 }), "[0.333333,1234567,0.3]");
  assert.equal(truncateText("a😀b", 2), "a😀… (1 more characters)");
  assert.throws(() => truncateText("a", 0), RangeError);
});

Deno.test("what JSON cannot say is refused with its path", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (const bad of [{ a: [NaN] }, { a: [Infinity] }, { a: 1n }, { a: () => 1 }, cycle]) {
    assert.throws(() => promptJson(bad), { name: "TypeError", message: /^Cannot put \$\.(a|self)/ });
  }
  assert.throws(() => promptJson(undefined), TypeError);
});

Deno.test("what looks like a secret or an address goes, what looks like code stays", () => {
  const gone = [
    "sk-ant-api03-" + "a".repeat(30),
    "ghp_" + "A1".repeat(18),
    "AKIA" + "ABCDEFGHIJ234567",
    "xoxb-1234567890-abcdef",
    "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
  ];
  for (const secret of gone) {
    const out = redactSecrets(`before ${secret} after`);
    assert.match(out, /^before \[redacted(?: key)?\] after$/, secret);
  }
  assert.equal(redactSecrets('{"password": "correcthorse"}'), '{"password": "[redacted]"}');
  assert.equal(redactSecrets("https://me:pw@host/x"), "https://[redacted]@host/x");
  assert.equal(redactEmails("by Ann <ann.b@mail.example.org>"), "by Ann <[email]>");
  const kept = [
    "4eab2b0f3c9d8e7a6b5c4d3e2f1a0b9c8d7e6f5a",
    "src/auth/token_store.ts",
    "fix: password reset form",
    "nDCG@10 rose; npm i left-pad@1.3.0",
    "git@2 is no address",
  ];
  for (const text of kept) assert.equal(redactEmails(redactSecrets(text)), text);
});

Deno.test("nothing in a reply can move the cursor, hide a word or forge a line", () => {
  assert.equal(terminalText("a\u001b[2Jb\u0007"), "a\\u001b[2Jb\\u0007");
  assert.equal(terminalText("left\u202eright\u200b"), "left\\u202eright\\u200b");
  assert.equal(terminalText("real\rfake"), "real\nfake");
  assert.equal(terminalText(" a\n\tb ", { oneLine: true }), "a ⏎ b");
  assert.equal(terminalText("<b> & `c` @d 大"), "<b> & `c` @d 大");
});
