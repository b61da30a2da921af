/** Cutting a stream of text into lines. */

/** Calls back once a line, without its newline; {@link end} gives the last line when no newline closed it. */
export class LineReader {
  /** Pieces of the line under way; joined once, so that a long line stays linear */
  #pieces: string[] = [];

  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: string): void {
    let from = 0;
    for (let at = chunk.indexOf("\n"); at >= 0; at = chunk.indexOf("\n", from)) {
      this.#pieces.push(chunk.slice(from, at));
      from = at + 1;
      this.#flush();
    }
    if (from < chunk.length) this.#pieces.push(chunk.slice(from));
  }

  end(): void {
    if (this.#pieces.length > 0) this.#flush();
  }

  #flush(): void {
    const line = this.#pieces.join("");
    this.#pieces = [];
    this.onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  }
}
