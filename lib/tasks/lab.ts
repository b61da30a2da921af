/** `deno task lab`: opens JupyterLab on the notebooks, setting it up in the project first where there is none. */
import { NOTEBOOKS_DIR } from "../notebook/catalogue.ts";
import { installKernelspec } from "../notebook/kernelspec.ts";
import { planLab } from "../notebook/lab.ts";

const HELP = `deno task lab [arguments for jupyter lab]

Installs the kernelspec, then opens JupyterLab on the notebooks. Uses .venv or an installed Jupyter; without either it makes
.venv and installs JupyterLab from PyPI into it, and says so first.
`;

/** Runs a command with this terminal. Returns its exit code. */
async function run(command: readonly string[]): Promise<number> {
  const child = new Deno.Command(command[0]!, { args: command.slice(1), stdin: "inherit" }).spawn();
  return (await child.status).code;
}

async function main(args: readonly string[]): Promise<number> {
  const plan = planLab();
  if (plan.steps.length > 0) {
    console.error("JupyterLab is not here. What will be done:");
    for (const step of plan.steps) console.error(`  ${step.says}`);
  }
  for (const { says, command } of plan.steps) {
    console.error(`${says}: ${command.join(" ")}`);
    const code = await run(command);
    if (code !== 0) {
      throw new Error(
        `Cannot set up JupyterLab: "${command.join(" ")}" ended with code ${code}. ` +
          `Where PyPI cannot be reached, install Debian's jupyter-notebook, or use VS Code`,
      );
    }
  }
  const { file, warnings } = installKernelspec();
  console.error(`kernelspec: ${file}`);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  return await run([...plan.jupyter, "lab", `--notebook-dir=${NOTEBOOKS_DIR}`, ...args]);
}

if (import.meta.main) {
  if (Deno.args.includes("--help")) console.log(HELP);
  else {
    // Ctrl-C is for Jupyter, which asks; this program ends with it.
    Deno.addSignalListener("SIGINT", () => {});
    try {
      Deno.exit(await main(Deno.args));
    } catch (error) {
      console.error(error instanceof Error ? `error: ${error.message}` : error);
      Deno.exit(2);
    }
  }
}
