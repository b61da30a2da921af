/** Whether notebooks are formatted as `deno fmt` would write them. */
import { spawn } from "node:child_process";

/**
 * Formats a notebook's text with `deno fmt` and says whether anything changed.
 *
 * `deno fmt --check` of Deno 2.9.6 calls every notebook unformatted that it has not formatted on this machine before, though formatting
 * it changes no byte; so the text is compared here.
 * @throws {SyntaxError} when Deno cannot read it as a notebook
 */
export function isFormatted(text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(Deno.execPath(), ["fmt", "--quiet", "--ext", "ipynb", "--line-width", "110", "-"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let formatted = "", said = "";
    child.stdout!.on("data", (chunk: Uint8Array) => formatted += decoder.decode(chunk, { stream: true }));
    child.stderr!.on("data", (chunk: Uint8Array) => said += new TextDecoder().decode(chunk));
    const decoder = new TextDecoder();
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(formatted === text);
      else reject(new SyntaxError(`deno fmt cannot read the notebook: ${said.trim()}`));
    });
    child.stdin!.end(text);
  });
}
