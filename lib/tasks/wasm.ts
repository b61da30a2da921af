/** `deno task wasm`: builds the engine's kernel from its AssemblyScript sources. */
import { writeTextAtomic } from "../base/artefacts.ts";
import { compileKernel, kernelBinaryText } from "../engine/kernel/compile.ts";
import { type Command, runCommand } from "./command.ts";

export const WASM: Command = {
  name: "wasm",
  summary: "Compiles lib/engine/kernel/*.as to the WebAssembly bytes the engine runs on.",
  options: { check: { type: "boolean", help: "write nothing; fail when the committed bytes are not these" } },
  examples: ["deno task wasm", "deno task wasm --check"],
};

if (import.meta.main) {
  await runCommand(WASM, async ({ values }) => {
    const file = new URL("../engine/kernel/binary.ts", import.meta.url);
    const bytes = await compileKernel(), text = kernelBinaryText(bytes);
    let before = "";
    try {
      before = Deno.readTextFileSync(file);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    const same = before === text;
    if (!values["check"] && !same) writeTextAtomic(file.pathname, text);
    return {
      json: { bytes: bytes.length, same },
      text: `${bytes.length} bytes, ${
        same ? "as committed" : values["check"] ? "not as committed" : "written"
      }`,
      exitCode: values["check"] && !same ? 1 : 0,
    };
  });
}
