/** The way out: to the notebook's front end inside the Deno kernel, to stdout anywhere else. */
import { escapeHtml } from "./escape.ts";
import type { MimeBundle } from "./view.ts";
import { noteOutput } from "./settle.ts";

/** The largest bundle that is sent: pages that hold more are slow to open, and in a kernel without `settle()` the stream can break. */
export const MAX_DISPLAY_BYTES = 5_000_000;

/** Whether this program is a notebook kernel. `"jupyter" in Deno` is true everywhere; only the use of it tells. */
export function inKernel(): boolean {
  try {
    return typeof Deno.jupyter.display === "function";
  } catch {
    return false;
  }
}

/** Where a display goes: a new one, or the redrawing of an earlier one. */
export interface DisplayPlace {
  displayId?: string;
  update?: boolean;
}

let queue: Promise<void> = Promise.resolve();

/** Sends a bundle under the current cell, after those sent before it. Larger than 5 MB: a note that says so is sent instead. */
export function broadcastDisplay(bundle: MimeBundle, place: DisplayPlace = {}): Promise<void> {
  const capped = capBundle(bundle);
  noteOutput(JSON.stringify(capped).length);
  const sent = queue.then(() =>
    Deno.jupyter.display(capped as never, {
      raw: true,
      update: place.update ?? false,
      ...(place.displayId !== undefined ? { display_id: place.displayId } : {}),
    })
  );
  queue = sent.catch(() => {});
  return sent;
}

/** The bundle, or a note in its place when it is larger than {@link MAX_DISPLAY_BYTES}. */
export function capBundle(bundle: MimeBundle): MimeBundle {
  const bytes = new TextEncoder().encode(JSON.stringify(bundle)).length;
  if (bytes <= MAX_DISPLAY_BYTES) return bundle;
  const words = `Not shown: this output has ${(bytes / 1e6).toFixed(1)} MB, the limit is ${
    MAX_DISPLAY_BYTES / 1e6
  } MB because front ends and pages choke on more. Show less of it: fewer rows ({ limit: 100 }), fewer marks`;
  return {
    "text/plain": words,
    "text/html": `<div role="alert" style="border-left:3px solid #d55e00;padding-left:.6em">${
      escapeHtml(words)
    }</div>`,
  };
}

/** Prints text and a newline to stdout. */
export function printText(text: string): void {
  console.log(text);
}
