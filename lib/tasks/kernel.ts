/** `deno task kernel`: installs the kernelspec by which Jupyter and VS Code start this Deno. */
import { parseArgs } from "node:util";
import { installKernelspec } from "../notebook/kernelspec.ts";

const HELP = `deno task kernel [--dir DIR] [--heap MB] [--help]

Writes kernels/deno/kernel.json into Jupyter's data folder: the running deno, Stop by message (by signal it would kill the
kernel), a heap limit.
  --dir DIR   another data folder than the user's
  --heap MB   heap limit of a kernel (8192)
`;

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      args: Deno.args,
      options: {
        dir: { type: "string" },
        heap: { type: "string", default: "8192" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) console.log(HELP);
    else {
      const heapMb = Number(values.heap);
      if (!Number.isInteger(heapMb) || heapMb < 256) {
        throw new RangeError(`Cannot use --heap ${values.heap}: an integer of at least 256 (MB) is wanted`);
      }
      const { file, deno, warnings } = installKernelspec({
        heapMb,
        ...(values.dir ? { dir: values.dir } : {}),
      });
      console.error(`wrote ${file}\nkernels start ${deno}`);
      for (const warning of warnings) console.error(`warning: ${warning}`);
    }
  } catch (error) {
    console.error(error instanceof Error ? `error: ${error.message}` : error);
    Deno.exit(2);
  }
}
