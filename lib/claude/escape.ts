/**
 * Carrying text nobody vouches for (commit messages, paths, earlier replies) through a prompt and onto a terminal.
 *
 * The command line itself expands `@path` mentions and certain words anywhere in a prompt, and models read hidden
 * characters; so untrusted text travels as JSON in which every such character is a `\u` escape. `JSON.parse` gives the
 * text back exactly.
 */
import { redactEmails, redactSecrets } from "./redact.ts";

/** Lengths that keep a prompt readable: code points, and paths of one commit. */
export const TEXT_LIMITS = { subject: 200, path: 300, paths: 12, reply: 4000 } as const;

/** Options of {@link promptJson}. */
export interface PromptJsonOptions {
  /** Longest string in code points; a longer one is cut and says so. Default 2,000 */
  readonly maxString?: number;
  /** Longest array; the rest becomes one string saying how many were left out. Default 200 */
  readonly maxItems?: number;
  /** Significant digits of numbers that are not integers. Default 6 */
  readonly digits?: number;
  /** Spaces of indentation. Default 1 */
  readonly indent?: number;
}

/** Characters that mean something to a command line, a markup reader or the eye, or that no eye sees. */
const HIDDEN =
  /[@<>&`\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff]|[\udb40-\udb43][\udc00-\udfff]|\ud82f[\udca0-\udca3]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A keyword which, anywhere in a prompt, changes how the command line runs the model. */
const KEYWORD = /u(?=ltrathink)/gi;

const unicodeEscape = (text: string) =>
  Array.from({ length: text.length }, (_, i) => "\\u" + text.charCodeAt(i).toString(16).padStart(4, "0"))
    .join("");

/**
 * A value as JSON that is safe to stand in a prompt: strings redacted and cut, hidden characters, markup, `@`, backticks
 * and the command line's keyword as `\u` escapes. Key order is kept; the same value always gives the same text.
 *
 * @throws {TypeError} for what JSON cannot say: NaN, infinities, bigint, functions, undefined at the top, cycles
 */
export function promptJson(value: unknown, options: PromptJsonOptions = {}): string {
  const limits = { maxString: 2000, maxItems: 200, digits: 6, indent: 1, ...options };
  const text = JSON.stringify(prepare(value, "$", limits, new Set()), null, limits.indent);
  if (text === undefined) {
    throw new TypeError(`Cannot put ${typeof value} in a prompt: a JSON value is wanted`);
  }
  return text.replace(HIDDEN, unicodeEscape).replace(KEYWORD, unicodeEscape);
}

function prepare(
  value: unknown,
  path: string,
  limits: Required<PromptJsonOptions>,
  above: Set<object>,
): unknown {
  switch (typeof value) {
    case "string":
      return truncateText(redactEmails(redactSecrets(value)), limits.maxString);
    case "number":
      if (!Number.isFinite(value)) {
        throw new TypeError(`Cannot put ${path} in a prompt: it is ${value}, a finite number is wanted`);
      }
      return Number.isInteger(value) ? value : Number(value.toPrecision(limits.digits));
    case "boolean":
      return value;
    case "undefined":
      return undefined;
    case "object":
      break;
    default:
      throw new TypeError(`Cannot put ${path} in a prompt: it is a ${typeof value}`);
  }
  if (value === null) return null;
  if (above.has(value)) throw new TypeError(`Cannot put ${path} in a prompt: it contains itself`);
  above.add(value);
  let copy: unknown;
  if (Array.isArray(value)) {
    const kept = value.slice(0, limits.maxItems).map((item, i) =>
      prepare(item, `${path}[${i}]`, limits, above)
    );
    copy = value.length > kept.length ? [...kept, `(${value.length - kept.length} more left out)`] : kept;
  } else {
    copy = Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        truncateText(redactEmails(redactSecrets(key)), limits.maxString),
        prepare(item, `${path}.${key}`, limits, above),
      ]),
    );
  }
  above.delete(value);
  return copy;
}

/**
 * At most `max` code points of a text; a cut text ends in "… (n more characters)", which is not counted.
 *
 * @throws {RangeError} unless max is a positive integer
 */
export function truncateText(text: string, max: number): string {
  if (!Number.isInteger(max) || max < 1) {
    throw new RangeError(`Cannot cut text at ${max} characters: a positive integer is wanted`);
  }
  if (text.length <= max) return text;
  const points = [...text];
  return points.length <= max
    ? text
    : `${points.slice(0, max).join("")}… (${points.length - max} more characters)`;
}

/**
 * Text from outside as a terminal may show it: every control, escape, bidirectional or invisible character becomes a
 * visible `\u` escape; newlines and tabs stay unless `oneLine`. Nothing in it can move the cursor or hide a word.
 */
export function terminalText(text: string, options: { max?: number; oneLine?: boolean } = {}): string {
  const shown = truncateText(text.replace(/\r\n?/g, "\n"), options.max ?? 2000)
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, unicodeEscape)
    .replace(HIDDEN, (c) => /[@<>&`]/.test(c) ? c : unicodeEscape(c));
  return options.oneLine ? shown.replace(/\s*\n\s*/g, " ⏎ ").replace(/\t/g, " ").trim() : shown;
}
