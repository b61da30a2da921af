/** A chain of versions is read as if each version stood alone. */
import assert from "node:assert/strict";
import { randomIndex, type RandomSource, randomStream } from "../../lib/base/random.ts";
import { loadGrammar } from "../../lib/repo/grammars.ts";
import { parseAfter, type ParsedVersion, parseWhole } from "../../lib/repo/incremental.ts";
import type { Language } from "../../lib/repo/languages.ts";
import { extractBlobTags, openChain } from "../../lib/repo/tags.ts";

/** Writes one member of a file in a language: a comment now and then, a function, a class with a method, calls. */
type Member = (name: string, callee: string, n: number) => string;

const MEMBERS: Partial<Record<Language, Member[]>> = {
  python: [
    (f, g, n) =>
      `# ${g} first\ndef ${f}(a, b=${n}):\n    """Says ${g}."""\n    return ${g}(a) + self.${g}(b)\n`,
    (f, g) =>
      `class ${f}(Base):\n    kind = "${g}"\n\n    def ${g}(self):\n        for x in ${g}():\n            yield x.${f}()\n`,
    (f, _, n) => `${f.toUpperCase()} = [${n}, "é𝒳", ${n}]\n`,
  ],
  typescript: [
    (f, g, n) => `// ${g}\n/** doc */\nexport function ${f}(a: ${g}T): number { return ${g}(a, ${n}) }\n`,
    (f, g) =>
      `export class ${f} implements I${g} {\n  // does\n  ${g}(x: Map<string, ${g}T>) { return this.${g}(new ${f}()) }\n}\n`,
    (f, g, n) =>
      `describe("${f} 𝒳", () => {\n  it("${g}", async () => { expect(await ${g}(${n})).toBe(\`\${${f}}\`) })\n})\n`,
    (f, g) => `const ${f} = { ${g}: () => ${g}(), other: ${f} }\n`,
  ],
  rust: [
    (f, g, n) => `/// ${g}\nfn ${f}(a: &str) -> u32 { ${g}(a); a.${g}().unwrap_or(${n}) }\n`,
    (f, g) => `impl ${g} for ${f} {\n    fn ${g}(&self) { println!("{}", Self::${g}()); }\n}\n`,
    (f, g) =>
      `mod ${f} {\n    pub struct ${g} { size: usize }\n    macro_rules! ${f} { () => { ${g}() }; }\n}\n`,
  ],
  go: [
    (f, g, n) => `// ${f} is\n// ${g}\nfunc ${f}(a ${g}T) int { return ${g}(a, ${n}) }\n`,
    (f, g) => `type ${f} struct { ${g} []string }\n\nfunc (x *${f}) ${g}() { x.${g}().(${f}).Done() }\n`,
  ],
  ruby: [
    (f, g, n) => `# ${g}\ndef ${f}(a)\n  b = ${g}(a) || ${n}\n  b.${g} { |x| x + a }\nend\n`,
    (f, g) =>
      `class C${f} < Base\n  attr_reader :${g}\n  def ${g}=(v)\n    @${g} = <<~TEXT\n      #{v} text\n    TEXT\n  end\nend\n`,
  ],
  cpp: [
    (f, g, n) => `// ${g}\nstatic int ${f}(const ${g}T& a) { return ${g}(a)->${g}(${n}); }\n`,
    (f, g) =>
      `class ${f} : public ${g}T {\n public:\n  int ${g}() const;\n};\nint ${f}::${g}() const { return ns::${g}(); }\n`,
  ],
};

const NAMES = ["boil", "pour", "fill", "heat", "rinse", "serve", "lid", "pot", "cup", "ring"];
const pick = <T>(random: RandomSource, items: readonly T[]): T => items[randomIndex(random, items.length)]!;

function member(random: RandomSource, members: readonly Member[]): string {
  return pick(random, members)(pick(random, NAMES), pick(random, NAMES), randomIndex(random, 100));
}

/** One edit a developer might make; the last three often leave broken syntax behind. */
function edited(random: RandomSource, blocks: string[], members: readonly Member[]): string[] {
  const at = randomIndex(random, blocks.length), next = blocks.slice();
  const lines = next[at]!.split("\n");
  switch (randomIndex(random, 8)) {
    case 0:
      next.splice(at, 0, member(random, members));
      break;
    case 1:
      next.splice(at, 1, member(random, members));
      break;
    case 2:
      if (next.length > 4) next.splice(at, 1);
      break;
    case 3:
      return next.map((text) => text.replaceAll(pick(random, NAMES), pick(random, NAMES)));
    case 4: {
      const [moved] = next.splice(at, 1);
      next.splice(randomIndex(random, next.length + 1), 0, moved!);
      break;
    }
    case 5:
      next[at] = lines.map((line) => line === "" ? line : "  " + line).join("\n");
      break;
    case 6:
      next[at] = lines.toSpliced(randomIndex(random, lines.length), 1).join("\n");
      break;
    default:
      next[at] = lines.with(0, lines[0] + pick(random, [" (", " {", ' "', " */", "//", "#", ")"])).join("\n");
  }
  return next;
}

for (const [language, members] of Object.entries(MEMBERS) as [Language, Member[]][]) {
  Deno.test(`${language}: every version of a chain has the tags it has alone`, async () => {
    const random = randomStream(11, `chain/${language}`);
    const grammar = await loadGrammar(language);
    using chain = await openChain(language);
    let blocks = Array.from({ length: 20 }, () => member(random, members)), sound = 0;
    let before: ParsedVersion | undefined;
    for (let version = 0; version < 50; version++) {
      const text = blocks.join("\n"), bytes = new TextEncoder().encode(text);
      assert.deepEqual(chain.read(bytes), await extractBlobTags(bytes, language), `version ${version}`);
      const whole = parseWhole(text, grammar)!;
      if (before !== undefined && !before.tree.rootNode.hasError) {
        const after = parseAfter(before, text, grammar);
        if (after !== undefined) {
          sound++;
          assert.equal(after.tree.rootNode.toString(), whole.tree.rootNode.toString(), `tree ${version}`);
          assert.deepEqual(byKey(after), byKey(whole), `hits ${version}`);
          after.tree.delete();
        }
      }
      before?.tree.delete();
      before = whole;
      blocks = whole.tree.rootNode.hasError && randomIndex(random, 2) === 0
        ? Array.from({ length: 20 }, () => member(random, members))
        : edited(random, blocks, members);
    }
    before?.tree.delete();
    assert.ok(sound >= 10, `only ${sound} of 50 versions were read as edits`);
  });
}

function byKey({ hits }: ParsedVersion) {
  return [...hits].sort(([a], [b]) => a - b);
}
