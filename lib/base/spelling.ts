/** Edit distance, and the word somebody probably meant. */

/**
 * Levenshtein distance in UTF-16 units, or `limit + 1` when it is larger than `limit`.
 *
 * Time and space are bounded by the product and the minimum of the lengths.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const cost = Math.min(change, row[j]! + 1, next[j - 1]! + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    row = next;
  }
  return Math.min(row[b.length]!, limit + 1);
}

/**
 * The word of a list nearest to one that is not in it, or undefined when none is near.
 *
 * Near: an edit distance of at most a third of the word's length, ignoring case; failing that, the shortest word that
 * contains every `_`- or `.`-separated part of it. Ties go to the earlier word.
 */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const low = word.toLowerCase();
  let best: string | undefined, least = Math.max(1, Math.floor(low.length / 3)) + 1;
  for (const candidate of words) {
    const distance = editDistance(low, candidate.toLowerCase(), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  if (best !== undefined) return best;
  const parts = low.split(/[_.]/).filter((part) => part.length > 1);
  if (parts.length === 0) return undefined;
  return words.filter((candidate) => parts.every((part) => candidate.toLowerCase().includes(part)))
    .sort((a, b) => a.length - b.length)[0];
}

/** "; did you mean x?" for an unknown word with a near one in the list, otherwise the whole list. */
export function spellingHint(word: string, words: readonly string[]): string {
  const near = nearestWord(word, words);
  return near === undefined ? `; there are ${words.join(", ")}` : `; did you mean ${near}?`;
}
