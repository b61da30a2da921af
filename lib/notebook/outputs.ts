/** Kernel messages become the outputs of a notebook file. */
import { type CellOutput, textLines } from "./document.ts";
import type { Message } from "./messages.ts";

/** One message larger than this is not kept: readers choke on it. */
export const MAX_OUTPUT_BYTES = 15_000_000;

type Bundle = Record<string, unknown>;

/**
 * Gathers the outputs of one run of a notebook.
 *
 * Follows the front ends: streams of one name join, `clear_output` empties the cell (with `wait`: when the next output comes),
 * a display update changes every earlier output with the same display id, in whichever cell. An execute_result whose bundle
 * is empty is left out.
 */
export class OutputCollector {
  readonly #displays = new Map<string, { data: Bundle; metadata: Bundle }[]>();

  /** Opens the list of a cell: what `take` is given lands in `outputs`, which is filled in place. */
  cell(outputs: CellOutput[]): CellOutputs {
    return new CellOutputs(outputs, this.#displays);
  }
}

/** The outputs of one cell while it runs. */
export class CellOutputs {
  #clearNext = false;
  /** Size of the largest message that was refused, or 0. */
  oversizedBytes = 0;

  constructor(
    readonly outputs: CellOutput[],
    private readonly displays: Map<string, { data: Bundle; metadata: Bundle }[]>,
  ) {}

  /** Takes one message of the kernel. Types that are no output are ignored. */
  take(message: Message): void {
    if (message.bytes > MAX_OUTPUT_BYTES) {
      this.oversizedBytes = Math.max(this.oversizedBytes, message.bytes);
      return;
    }
    const content = message.content;
    switch (message.type) {
      case "stream":
        return this.#stream(String(content.name), String(content.text));
      case "execute_result":
        if (Object.keys(bundle(content.data)).length === 0) return;
        return this.#push({
          output_type: "execute_result",
          execution_count: Number(content.execution_count),
          data: bundle(content.data),
          metadata: record(content.metadata),
        });
      case "display_data":
        return this.#display(content);
      case "update_display_data":
        return this.#update(content);
      case "clear_output":
        if (content.wait) this.#clearNext = true;
        else this.outputs.length = 0;
        return;
      case "error":
        return this.#push({
          output_type: "error",
          ename: String(content.ename),
          evalue: String(content.evalue),
          traceback: Array.isArray(content.traceback) ? content.traceback.map(String) : [],
        });
    }
  }

  /** Ends the cell: stream text gets the form of the file, with what "\r" overwrote taken out. */
  finish(): void {
    for (const output of this.outputs) {
      if (output.output_type === "stream" && typeof output.text === "string") {
        output.text = textLines(overwriteLines(output.text));
      }
    }
  }

  #push(output: CellOutput): void {
    if (this.#clearNext) this.outputs.length = 0;
    this.#clearNext = false;
    this.outputs.push(output);
  }

  #stream(name: string, text: string): void {
    const last = this.outputs.at(-1);
    if (!this.#clearNext && last?.output_type === "stream" && last.name === name) last.text += text;
    else this.#push({ output_type: "stream", name, text });
  }

  #display(content: Bundle): void {
    const output = {
      output_type: "display_data" as const,
      data: bundle(content.data),
      metadata: record(content.metadata),
    };
    this.#push(output);
    const id = record(content.transient).display_id;
    if (typeof id === "string") this.displays.set(id, [...this.displays.get(id) ?? [], output]);
  }

  #update(content: Bundle): void {
    const id = record(content.transient).display_id;
    for (const output of typeof id === "string" ? this.displays.get(id) ?? [] : []) {
      output.data = bundle(content.data);
      output.metadata = record(content.metadata);
    }
  }
}

/** What a terminal would show: "\r" returns to the start of the line and what follows overwrites it. */
export function overwriteLines(text: string): string {
  return text.split("\n").map((line) =>
    line.replace(/\r+$/, "").split("\r").reduce((below, over) => over + below.slice(over.length), "")
  ).join("\n");
}

const record = (value: unknown): Bundle =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value as Bundle : {};

const isJson = (mime: string) => mime === "application/json" || mime.endsWith("+json");

/** A MIME bundle as nbformat keeps it: text in lines, JSON as it is. */
const bundle = (data: unknown): Bundle =>
  Object.fromEntries(
    Object.entries(record(data)).map(([mime, value]) => [
      mime,
      isJson(mime) || typeof value !== "string" ? value : textLines(value),
    ]),
  );
