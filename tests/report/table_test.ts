import assert from "node:assert/strict";
import { DuckDBInstance } from "@duckdb/node-api";
import { duckTable, isDuckResult } from "../../lib/report/duckdb_table.ts";
import { table } from "../../lib/report/table.ts";
import { cellText, grouped } from "../../lib/report/values.ts";

Deno.test("integers and bigints are exact, small numbers keep their magnitude, NaN is named", () => {
  const text = (value: unknown) => cellText(value).text;
  assert.equal(text(12345678901234567890n), "12345678901234567890");
  assert.equal(text({ n: 12345678901234567890n }), '{"n":12345678901234567890}');
  assert.equal(text(3), "3");
  assert.equal(text(0.25), "0.2500");
  assert.equal(text(1.25e-7), "1.25e-7");
  assert.equal(text(NaN), "NaN");
  assert.equal(text(-Infinity), "-Infinity");
  assert.equal(text(null), "null");
  assert.equal(text(new Date(0)), "1970-01-01T00:00:00.000Z");
  assert.equal(text("x".repeat(500)), "x".repeat(400) + "… (100 more characters)");
  assert.equal(grouped(1234567), "1,234,567");
});

Deno.test("one set of cells gives HTML, Markdown and text; untrusted text is escaped in each", () => {
  const view = table([{ file: "<script>|x", n: 1n }, { file: "b", n: 20n }], {
    title: "Files",
    units: { n: "commits" },
    totalRows: 1000,
  });
  assert.equal(
    view.text,
    [
      "Files",
      "file        n (commits)",
      "----------  -----------",
      "<script>|x            1",
      "b                    20",
      "(2 of 1,000 rows)",
    ].join("\n"),
  );
  assert.ok(!view.html.includes("<script>"));
  assert.ok(view.html.includes("&lt;script&gt;|x"));
  assert.ok(view.markdown.includes("| \\<script\\>\\|x | 1 |"));
  assert.ok(view.html.includes("2 of 1,000 rows"));
  assert.ok(view.html.includes(">bigint<"));
});

Deno.test("a limit cuts the rows and says how many there are", () => {
  const view = table(Array.from({ length: 120 }, (_, i) => ({ i })), { limit: 3 });
  assert.equal(view.html.match(/<tr>/g)!.length, 4);
  assert.ok(view.text.endsWith("(3 of 120 rows)"));
  assert.equal(view.rowCount, 120);
});

Deno.test("no rows are a table without rows; a column nobody has is refused", () => {
  assert.ok(table([]).text.endsWith("(0 rows)"));
  assert.throws(() => table([{ a: 1 }], { columns: ["b"] }), /column "b": the rows have a/);
});

Deno.test("columns that only some rows have are kept", () => {
  assert.deepEqual(table([{ a: 1 }, { b: 2 }]).columns, ["a", "b"]);
});

Deno.test("a DuckDB result keeps the database's types and exact bigints", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      "select 9007199254740993::bigint as big, 1.5::double as share, 'x' as name, null::integer as gap",
    );
    assert.ok(isDuckResult(reader));
    const view = await duckTable(reader);
    assert.ok(view.text.includes("9007199254740993"), view.text);
    for (const type of ["BIGINT", "DOUBLE", "VARCHAR", "INTEGER"]) {
      assert.ok(view.html.includes(`>${type}<`), type);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});

Deno.test("a long path may break after a folder, and what stands around it stays text", () => {
  const { html, text } = table([{
    file: "one/long/path/to/a/<file>_of_some_depth.ts",
    note: "a/b and more words, no path at all",
  }]);
  assert.ok(html.includes("one/<wbr>long/<wbr>path/<wbr>to/<wbr>a/<wbr>&lt;file&gt;_of_some_depth.ts"));
  assert.ok(html.includes(">a/b and more words, no path at all<"));
  assert.ok(text.includes("one/long/path/to/a/<file>_of_some_depth.ts"));
});

Deno.test("numbers written as text stand at the right, words and hashes at the left; only telling types are shown", () => {
  const view = table([
    { difference: "+0.100 [−0.200, +0.300]", interval: "0.1 to 0.2", hash: "97f35", n: 1, gap: "" },
    { difference: "", interval: "−0.1 to 20", hash: "9abc", n: 2.5, gap: "" },
  ]);
  assert.equal(view.markdown.split("\n")[1], "| ---: | ---: | --- | ---: | --- |");
  assert.ok(!view.html.includes("<small"));
  assert.ok(table([{ when: new Date(0) }]).html.includes(">date<"));
});
