/** Views that change in place while a cell runs: progress bars and cost meters. */
import { broadcastDisplay, inKernel, printText } from "./kernel_display.ts";
import { escapeHtml } from "./escape.ts";
import { counted, grouped } from "./values.ts";
import { textView, View } from "./view.ts";

let displays = 0;

/**
 * Something that is shown once and then redrawn. `show(live)` puts it under the current cell; every later change redraws it
 * there. Outside the kernel each new text is printed when it is shown and when it is done.
 */
export abstract class Live {
  #displayId: string | undefined;

  /** What it looks like now. */
  abstract view(): View;

  /** Whether nothing more will come. */
  abstract get done(): boolean;

  /** Shows it here from now on. */
  async open(): Promise<void> {
    this.#displayId = `ripmap-lab-live-${Deno.pid}-${++displays}`;
    await this.#draw(false);
  }

  /** Redraws it where it was shown; shows it first if it was not. */
  protected async redraw(): Promise<void> {
    if (this.#displayId === undefined) await this.open();
    else await this.#draw(true);
  }

  async #draw(update: boolean): Promise<void> {
    const view = this.view();
    if (inKernel()) await broadcastDisplay(view.bundle(), { displayId: this.#displayId!, update });
    else if (!update || this.done) printText(view.text);
  }
}

/** A bar with counts and a note. */
export class ProgressBar extends Live {
  #done = 0;
  #note = "";

  constructor(readonly total: number, readonly label: string) {
    super();
  }

  /** Sets how many are done, and says something about it. Values outside 0..total are held there. */
  async set(done: number, note = ""): Promise<void> {
    this.#done = Math.min(this.total, Math.max(0, done));
    this.#note = note;
    await this.redraw();
  }

  /** One more is done. */
  step(note = ""): Promise<void> {
    return this.set(this.#done + 1, note);
  }

  get done(): boolean {
    return this.#done >= this.total;
  }

  view(): View {
    const words = `${this.label} ${this.#done}/${this.total}${this.#note ? ` ${this.#note}` : ""}`;
    return new View({
      html:
        `<label style="font-size:13px"><progress value="${this.#done}" max="${
          Math.max(1, this.total)
        }"></progress> ` +
        `${escapeHtml(words)}</label>`,
      text: words,
    });
  }
}

/**
 * A progress bar for `total` steps.
 *
 * @throws {RangeError} unless `total` is an integer of 0 or more
 */
export function progress(total: number, label = ""): ProgressBar {
  if (!Number.isInteger(total) || total < 0) {
    throw new RangeError(`Cannot count to ${total}: progress(total) wants an integer of 0 or more`);
  }
  return new ProgressBar(total, label);
}

/** What calls to a model used. */
export interface Cost {
  readonly calls?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly usd?: number;
}

/** A running sum of {@link Cost}, against a budget where there is one. */
export class CostMeter extends Live {
  #sum: Required<Cost> = { calls: 0, inputTokens: 0, outputTokens: 0, usd: 0 };

  constructor(readonly label: string, readonly budgetUsd: number | undefined) {
    super();
  }

  /** Adds a cost and redraws. */
  async add(cost: Cost): Promise<void> {
    this.#sum = {
      calls: this.#sum.calls + (cost.calls ?? 0),
      inputTokens: this.#sum.inputTokens + (cost.inputTokens ?? 0),
      outputTokens: this.#sum.outputTokens + (cost.outputTokens ?? 0),
      usd: this.#sum.usd + (cost.usd ?? 0),
    };
    await this.redraw();
  }

  /** The sums so far. */
  get sum(): Readonly<Required<Cost>> {
    return this.#sum;
  }

  get done(): boolean {
    return this.budgetUsd !== undefined && this.#sum.usd >= this.budgetUsd;
  }

  view(): View {
    const { calls, inputTokens, outputTokens, usd } = this.#sum;
    const of = this.budgetUsd === undefined ? "" : ` of $${this.budgetUsd.toFixed(2)}`;
    const words =
      `${this.label ? `${this.label}: ` : ""}${counted(calls, "call")}, ${grouped(inputTokens)} tokens in, ` +
      `${grouped(outputTokens)} out, $${usd.toFixed(usd < 1 ? 4 : 2)}${of}`;
    if (this.budgetUsd === undefined) return textView(words);
    return new View({
      html: `<label style="font-size:13px"><meter min="0" max="${this.budgetUsd}" high="${
        this.budgetUsd * 0.8
      }" value="${usd}"></meter> ${escapeHtml(words)}</label>`,
      text: words,
    });
  }
}

/** A cost meter. @param budgetUsd draws a bar against it */
export function costMeter(label = "", budgetUsd?: number): CostMeter {
  return new CostMeter(label, budgetUsd);
}
