/** Text that is no sentence of its language. The message ends with the line at fault and a caret under the column. */
export class LanguageError extends SyntaxError {
  override name = "LanguageError";
  /** 1-based, counted in code points of the line at fault */
  readonly column: number;

  /**
   * @param language what was being read, with its article: "the focus expression"
   * @param offset of the culprit in `source`, in UTF-16 units
   * @param reason what was found, what is wanted, what to do
   */
  constructor(
    language: string,
    readonly source: string,
    readonly offset: number,
    readonly reason: string,
  ) {
    const start = offset === 0 ? 0 : source.lastIndexOf("\n", offset - 1) + 1;
    const stop = source.indexOf("\n", offset);
    const column = [...source.slice(start, offset)].length + 1;
    // Tabs and control characters would move the caret away from its column.
    const line = [...source.slice(start, stop < 0 ? source.length : stop)]
      .map((character) => /[\p{C}\s]/u.test(character) ? " " : character);
    const from = Math.max(0, column - 61);
    const shown = line.slice(from, from + 100).join("").trimEnd();
    const caret = " ".repeat(column - 1 - from) + "^";
    super(`Cannot read ${language}, column ${column}: ${reason}\n  ${shown}\n  ${caret}`);
    this.column = column;
  }
}
