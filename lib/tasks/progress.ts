/** Progress on stderr: one line rewritten on a terminal, a line now and then elsewhere. */

const REDRAW_MS = 80;
const LOG_EVERY_MS = 5000;

/** Where a task says what it is doing. */
export interface Progress {
  /** Says how far a stage is. `total` 0 means it is not known, `done` 0 as well that there is nothing to count. */
  step(stage: string, done: number, total: number): void;
  /** A line that stays. */
  say(text: string): void;
  /** Ends a line being rewritten. */
  close(): void;
}

/** Makes a progress writer on stderr. */
export function stderrProgress(): Progress {
  const terminal = Deno.stderr.isTerminal();
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  let drawn = 0, last = 0, lastStage = "";
  const clear = () => {
    if (drawn > 0) write(`\r${" ".repeat(drawn)}\r`);
    drawn = 0;
  };
  return {
    step(stage, done, total) {
      const now = Date.now();
      const finished = total > 0 && done >= total;
      if (now - last < (terminal ? REDRAW_MS : LOG_EVERY_MS) && !finished && stage === lastStage) return;
      if (!terminal && finished && stage !== lastStage) return;
      last = now;
      lastStage = stage;
      const share = total > 0
        ? `: ${done.toLocaleString("en")} of ${total.toLocaleString("en")}`
        : done > 0
        ? `: ${done.toLocaleString("en")}`
        : "";
      const text = `${stage}${share}`;
      if (terminal) {
        clear();
        write(text);
        drawn = text.length;
      } else write(text + "\n");
    },
    say(text) {
      clear();
      write(text + "\n");
    },
    close: clear,
  };
}
