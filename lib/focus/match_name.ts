/** How well a word somebody typed fits the name of a symbol or a file. */
/** A name taken apart once, so that many words can be held against it. */
export interface NameParts {
  readonly text: string;
  /** Lower-case words, in order: parseHTTPHeader2 gives parse, http, header, 2 */
  readonly words: readonly string[];
  /** The words run together */
  readonly joined: string;
  /** Offsets in `joined` at which a word begins */
  readonly starts: readonly number[];
}

const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Lt}\p{M}]+|\p{Lu}|\p{N}+/gu;

/** The same on ASCII, where most names live: several times faster, and thousands of names are taken apart for one query. */
const ASCII = /^[\0-\x7f]*$/, ASCII_WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;

/** Splits a name at case changes, digits and everything that is neither letter nor digit. */
export function nameParts(text: string): NameParts {
  const found = text.match(ASCII.test(text) ? ASCII_WORD : WORD) ?? [];
  const words: string[] = [], starts: number[] = [];
  let joined = "";
  for (const word of found) {
    const folded = word.toLowerCase();
    words.push(folded);
    starts.push(joined.length);
    joined += folded;
  }
  return { text, words, joined, starts };
}

/** The words of a name run together, as {@link nameParts} joins them, without taking it apart where it is ASCII. */
export function joinedName(text: string): string {
  if (!ASCII.test(text)) return nameParts(text).joined;
  const folded = text.toLowerCase();
  return /[^a-z0-9]/.test(folded) ? folded.replace(/[^a-z0-9]+/g, "") : folded;
}

/**
 * Whether a name may have a {@link sureFit} for a word: all those have the word's first part in their letters.
 * @param joined of the name, as {@link joinedName} gives it
 */
export function mayFit(word: NameParts, joined: string): boolean {
  return joined.includes(word.words[0] ?? "");
}

/** Scores below this are guesses: a slip of the pen, or letters left out. */
export const GUESS = 0.4;

/** Words shorter than this are never guessed at; names longer than the second number are not either. */
const GUESS_LENGTH = 4, GUESS_NAME_LENGTH = 100;

/**
 * How well `word` fits `name`, in [0, 1]; 0 is no fit. The tiers do not overlap:
 *
 * - 1: the same text. 0.95: the same words whatever the case and separators (`parse_config`, `parseConfig`).
 * - (0.7, 0.9]: the name begins with the word (from 2 letters); more for a longer share, and 0.1 more at a word's end.
 * - (0.4, 0.65]: each part of the word equals a part of the name, or begins one (from 3 letters, or when the word has
 *   several parts), no part taken twice, in any order; more for a larger share of the name's letters.
 * - 0.3: one edit from the whole name; 0.25: one edit from a part of it. Both sides have at least 4 letters.
 * - (0.1, 0.2]: from 4 letters, the word stands in the name's letters, or is what is left of a stretch of them from a
 *   word's beginning after fewer letters were dropped than kept.
 */
export function matchName(word: NameParts, name: NameParts): number {
  return sureFit(word, name) || guessFit(word, name);
}

/** The tiers of {@link matchName} above {@link GUESS}; 0 below. */
export function sureFit(word: NameParts, name: NameParts): number {
  if (word.text === name.text) return 1;
  const { joined } = word;
  if (joined === "" || name.joined === "") return 0;
  if (joined === name.joined) return 0.95;
  const share = joined.length / name.joined.length;
  if (joined.length >= 2 && name.joined.startsWith(joined)) {
    return 0.7 + 0.1 * share + (name.starts.includes(joined.length) ? 0.1 : 0);
  }
  return holdsParts(word, name) ? 0.4 + 0.25 * Math.min(1, share) : 0;
}

/** The tiers of {@link matchName} below {@link GUESS}, for a name that has no {@link sureFit}. */
export function guessFit(word: NameParts, name: NameParts): number {
  const { joined } = word;
  if (joined.length < GUESS_LENGTH || name.joined.length > GUESS_NAME_LENGTH) return 0;
  if (isSlip(joined, name.joined)) return 0.3;
  if (name.words.some((part) => isSlip(joined, part))) return 0.25;
  const density = name.joined.includes(joined) ? 1 : densest(joined, name);
  return density > 0.5 ? 0.2 * density : 0;
}

function holdsParts(word: NameParts, name: NameParts): boolean {
  const [first = "", ...others] = word.words;
  if (others.length === 0) {
    return name.words.some((part) => part === first || first.length >= 3 && part.startsWith(first));
  }
  const free = [...name.words];
  return word.words.every((part) => {
    let at = free.indexOf(part);
    if (at < 0) at = free.findIndex((whole) => whole.startsWith(part));
    if (at >= 0) free.splice(at, 1);
    return at >= 0;
  });
}

/** Whether one inserted, dropped or changed letter, or none, turns one text into the other. */
function isSlip(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length < GUESS_LENGTH || long.length - short.length > 1) return false;
  let same = 0, tail = 0;
  while (same < short.length && short[same] === long[same]) same++;
  while (tail < short.length - same && short.at(-1 - tail) === long.at(-1 - tail)) tail++;
  return long.length - same - tail <= 1;
}

/** Letters of the word over letters of the shortest stretch found, leftmost letters first; 0 when they do not all occur. */
function densest(letters: string, name: NameParts): number {
  let best = 0;
  for (const start of name.starts) {
    if (name.joined[start] !== letters[0]) continue;
    let at = start;
    for (let i = 1; i < letters.length && at >= 0; i++) at = name.joined.indexOf(letters[i]!, at + 1);
    if (at >= 0) best = Math.max(best, letters.length / (at - start + 1));
  }
  return best;
}
