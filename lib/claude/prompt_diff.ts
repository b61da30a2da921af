/** Saying where two prompts part, for a person who wants to know why a recording no longer fits. */

/** Share of lines two texts have in common, 0 to 1; order does not count, repeated lines do. */
export function lineSimilarity(a: string, b: string): number {
  const x = a.split("\n"), y = b.split("\n");
  const counts = new Map<string, number>();
  for (const line of x) counts.set(line, (counts.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of y) {
    const left = counts.get(line) ?? 0;
    if (left > 0) {
      common++;
      counts.set(line, left - 1);
    }
  }
  return 2 * common / (x.length + y.length);
}

/**
 * The stretch in which two texts differ, as "- " lines of the first and "+ " lines of the second, at most `maxLines` of each
 * and each line cut at 160 characters. Empty for equal texts.
 */
export function promptDiff(recorded: string, asked: string, maxLines = 8): string {
  if (recorded === asked) return "";
  const a = recorded.split("\n"), b = asked.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const part = (lines: string[], mark: string) => {
    const differing = lines.slice(head, lines.length - tail);
    const shown = differing.slice(0, maxLines).map((line) => `${mark} ${line.slice(0, 160)}`);
    if (differing.length > maxLines) shown.push(`${mark} (${differing.length - maxLines} more lines)`);
    return shown;
  };
  return [`@ line ${head + 1}`, ...part(a, "-"), ...part(b, "+")].join("\n");
}
