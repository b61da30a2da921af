/** What each language's tags are, on small texts of our own. */
import assert from "node:assert/strict";
import { type Language, LANGUAGES } from "../../lib/repo/languages.ts";
import { extractBlobTags } from "../../lib/repo/tags.ts";
import { MAX_BLOB_BYTES } from "../../lib/repo/blob_tags.ts";

const encode = (text: string) => new TextEncoder().encode(text);

interface Sample {
  text: string;
  /** "kind name:line", in text order */
  definitions: string[];
  /** "name" or "name*count", in order of first use */
  references: string[];
  imports: string[];
}

const SAMPLES: Record<Language, Sample> = {
  python: {
    text: `import os.path as p
from .kettle import (
    boil,  # hot
    Lid as Cover,
)
LIMIT = 3

class Pot(Cover):
    def fill(self, water):
        self.pour(water)
        return boil(water) + boil(LIMIT)
`,
    definitions: ["constant LIMIT:6", "class Pot:8", "function fill:9"],
    references: ["pour", "boil*2"],
    imports: ["os.path", ".kettle", ".kettle.boil", ".kettle.Lid"],
  },
  rust: {
    text: `mod pan;
use crate::stove::{heat, ring::{self, Ring as R}};
struct Pot { size: u32 }
trait Boil { fn boil(&self); }
impl Boil for Pot {
    fn boil(&self) { heat(self.size); pan::rinse(); self.log::<u8>(); println!("hot"); }
}
fn serve() {}
`,
    definitions: ["module pan:1", "class Pot:3", "interface Boil:4", "method boil:6", "function serve:8"],
    references: ["Boil", "heat", "rinse", "log", "println"],
    imports: ["self::pan", "crate::stove::heat", "crate::stove::ring", "crate::stove::ring::Ring"],
  },
  javascript: {
    text: `import { heat } from "./stove.js";
const lid = require("lid");
class Pot { fill(water) { return heat(water); } }
const pour = (pot) => pot.fill(1);
function serve() { return new Pot(); }
`,
    definitions: ["class Pot:3", "method fill:3", "function pour:4", "function serve:5"],
    references: ["heat", "fill", "Pot"],
    imports: ["./stove.js", "lid"],
  },
  typescript: {
    text: `import type { Water } from "./water.ts";
export * from "./lid.ts";
interface Vessel { fill(water: Water): void }
type Size = number;
enum Heat { Low }
class Pot implements Vessel {
  fill(water: Water): void { pour(water); this.log(new Error()); }
}
`,
    definitions: [
      "interface Vessel:3",
      "method fill:3",
      "type Size:4",
      "enum Heat:5",
      "class Pot:6",
      "method fill:7",
    ],
    references: ["Water*2", "pour", "log", "Error"],
    imports: ["./water.ts", "./lid.ts"],
  },
  tsx: {
    text: `import "./style.css";
const Cup = (props: Props) => <Lid open={isOpen(props)}>{label(props)}</Lid>;
const lazy = () => import("./late.tsx");
`,
    definitions: ["function Cup:2", "function lazy:3"],
    references: ["Props", "isOpen", "label"],
    imports: ["./style.css", "./late.tsx"],
  },
  go: {
    text: `package kitchen

import (
	"fmt"
	st "example.org/stove"
)

type Pot struct{ size int }

func (p *Pot) Fill(w Water) { st.Heat(p.size) }

func Serve() { fmt.Println(Fill) }
`,
    definitions: ["type Pot:8", "method Fill:10", "function Serve:12"],
    references: ["int", "Pot", "Water", "Heat", "Println"],
    imports: ["fmt", "example.org/stove"],
  },
  java: {
    text: `import org.example.Stove;
import static org.example.Heat.*;
interface Vessel { void fill(Water w); }
enum Size { BIG }
class Pot extends Thing implements Vessel {
  public void fill(Water w) { stove.heat(w); new Lid(); }
}
`,
    definitions: ["interface Vessel:3", "method fill:3", "enum Size:4", "class Pot:5", "method fill:6"],
    references: ["Thing", "Vessel", "heat", "Lid"],
    imports: ["org.example.Stove", "org.example.Heat.*"],
  },
  c: {
    text: `#include <stdio.h>
#include "stove.h"
struct pot { int size; };
typedef unsigned litres;
enum heat { LOW };
static int fill(struct pot *p) { p->log(1); return heat_up(p->size); }
`,
    definitions: ["class pot:3", "type litres:4", "type heat:5", "function fill:6"],
    references: ["log", "heat_up"],
    imports: ["stove.h"],
  },
  cpp: {
    text: `#include "stove.hpp"
class Pot { public: void fill(int w); };
void Pot::fill(int w) { stove.heat(w); kitchen::ring(w); rinse<int>(w); }
int serve() { return helper(); }
`,
    definitions: ["class Pot:2", "function fill:2", "method fill:3", "function serve:4"],
    references: ["heat", "ring", "rinse", "helper"],
    imports: ["stove.hpp"],
  },
  ruby: {
    text: `require "stove"
require_relative "lid"
module Kitchen
  class Pot
    def fill(water)
      litres = water * 2
      heat(litres)
      rinse
    end
  end
end
`,
    definitions: ["module Kitchen:3", "class Pot:4", "method fill:5"],
    references: ["require", "require_relative", "heat", "rinse"],
    imports: ["stove", "./lid"],
  },
  php: {
    text: `<?php
namespace Kitchen;
use Stove\\Ring;
require_once "lid.php";
interface Vessel {}
class Pot extends Thing implements Vessel {
  function fill($w) { $this->log($w); Ring::heat($w); rinse($w); return new Lid(); }
}
`,
    definitions: ["module Kitchen:2", "interface Vessel:5", "class Pot:6", "function fill:7"],
    references: ["Thing", "Vessel", "log", "heat", "rinse", "Lid"],
    imports: ["Stove\\Ring", "lid.php"],
  },
  csharp: {
    text: `using System.Text;
namespace Kitchen {
  interface IVessel {}
  struct Size {}
  class Pot : Base<int>, IVessel {
    void Fill(int w) { stove.Heat(w); Rinse(w); var lid = new Lid(); }
  }
}
`,
    definitions: ["module Kitchen:2", "interface IVessel:3", "class Size:4", "class Pot:5", "method Fill:6"],
    references: ["Base", "IVessel", "Heat", "Rinse", "Lid"],
    imports: ["System.Text"],
  },
};

for (const language of LANGUAGES) {
  Deno.test(`${language}: definitions with kind and line, references with counts, imports as written`, async () => {
    const { text, ...wanted } = SAMPLES[language];
    const tags = await extractBlobTags(encode(text), language);
    assert.equal(tags.parsed, "ok");
    assert.deepEqual({
      definitions: tags.definitions.map(([name, kind, line]) => `${kind} ${name}:${line}`),
      references: tags.references.map(([name, count]) => count === 1 ? name : `${name}*${count}`),
      imports: tags.imports,
    }, wanted);
  });
}

Deno.test("a construction matched by both halves of the TypeScript query is counted once", async () => {
  const tags = await extractBlobTags(encode("new Pot(); new Pot(); new a.Pot<number>();"), "typescript");
  assert.deepEqual(tags.references, [["Pot", 3]]);
});

Deno.test("an unreadable blob is recorded with its reason and has no content", async () => {
  const blobs: [Uint8Array, string][] = [
    [new Uint8Array([100, 0, 101]), "binary"],
    [new Uint8Array(MAX_BLOB_BYTES + 1).fill(120), "too_large"],
    [new Uint8Array([100, 0xe9, 101]), "undecodable"],
  ];
  for (const [bytes, parsed] of blobs) {
    const tags = await extractBlobTags(bytes, "python");
    assert.deepEqual(tags, { parsed, definitions: [], references: [], imports: [], identifiers: [] });
  }
});

Deno.test("odd but readable blobs are parsed: empty, BOM, no final newline, broken syntax, a late NUL", async () => {
  const name = async (text: string) => {
    const tags = await extractBlobTags(encode(text), "python");
    return [tags.parsed, ...tags.definitions.map(([name, , line]) => `${name}:${line}`)];
  };
  assert.deepEqual(await name(""), ["ok"]);
  assert.deepEqual(await name("\ufeffdef f(): pass"), ["ok", "f:1"]);
  assert.deepEqual(await name("x = )\r\ndef g():\r\n  pass\r\n"), ["ok", "g:2"]);
  assert.deepEqual(await name("#" + "a".repeat(9000) + "\0\ndef h(): pass\n"), ["ok", "h:2"]);
});

Deno.test("text without a grammar has identifiers and nothing else", async () => {
  const tags = await extractBlobTags(encode("fun boilWater() = heat_up()"), undefined);
  assert.deepEqual(tags, {
    parsed: "no_grammar",
    definitions: [],
    references: [],
    imports: [],
    identifiers: [["fun", 1], ["boil", 1], ["water", 1], ["heat", 1], ["up", 1]],
  });
});

Deno.test("text that would keep the parser or the query busy for minutes ends soon, as unparsable or in part", async () => {
  const parsed = async (text: string, language: Language) =>
    (await extractBlobTags(encode(text), language)).parsed;
  assert.equal(await parsed("x = " + "(".repeat(200_000), "python"), "unparsable");
  assert.equal(await parsed("{".repeat(300_000), "go"), "unparsable");
  assert.equal(await parsed("f(".repeat(70_000) + ")".repeat(70_000), "typescript"), "ok");
});
