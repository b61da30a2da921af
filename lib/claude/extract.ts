/**
 * Finding the JSON object in a model's reply without guessing.
 *
 * Only closed, balanced objects are read. A reply that stops inside an object is "truncated" and never completed; syntax
 * is repaired only where both ends of the object are there. Whether a value is right is for the caller's schema to say.
 */
import { jsonrepair } from "jsonrepair";
import type { ReplyHow } from "../records/call.ts";
import { balancedSpans, type Span } from "./spans.ts";

/** One object found in a reply, and whether its syntax had to be repaired. */
export interface Candidate {
  readonly value: unknown;
  readonly how: Exclude<ReplyHow, "native">;
}

/** What a reply holds: candidates from the most to the least trustworthy, or why there is none. */
export type Extraction =
  | { readonly ok: true; readonly candidates: readonly Candidate[] }
  | { readonly ok: false; readonly kind: "truncated" | "no_json" | "syntax"; readonly detail: string };

/** No more objects than this are tried in one reply; the last ones count. */
const MAX_CANDIDATES = 16;
/** Longest object that is repaired rather than refused, in UTF-16 units. */
const MAX_REPAIR = 256 * 1024;
/** Deepest nesting that is read; replies are shallow, and recursion below here is an attack. */
const MAX_DEPTH = 64;

/**
 * Finds the objects of a reply, last first: what parses as written before what parses after repair.
 *
 * Prose, code fences, a byte order mark and terminal colours around the object are ignored. Repaired are comments,
 * trailing commas, quotes and Python literals; not repaired are unclosed brackets, an ellipsis standing for left-out
 * items, and anything over 256 KiB.
 */
export function extractObjects(reply: string): Extraction {
  // deno-lint-ignore no-control-regex
  const text = reply.replace(/^\ufeff/, "").replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "");
  const { spans, unclosed } = balancedSpans(text);
  const cutAt = unclosed.find((at) => /^\{\s*(?:["']|$)/.test(text.slice(at, at + 200)));
  if (cutAt !== undefined) {
    return {
      ok: false,
      kind: "truncated",
      detail: `the object that begins at character ${cutAt} is never closed`,
    };
  }
  if (spans.length === 0) {
    return unclosed.length === 0
      ? { ok: false, kind: "no_json", detail: `no JSON object in ${text.length} characters` }
      : { ok: false, kind: "syntax", detail: `the brace at character ${unclosed[0]} is never closed` };
  }
  const tried = spans.slice(-MAX_CANDIDATES).reverse().filter((span) => span.depth <= MAX_DEPTH);
  if (tried.length === 0) {
    return { ok: false, kind: "syntax", detail: `the object is nested deeper than ${MAX_DEPTH} levels` };
  }
  const written: Candidate[] = [], repaired: Candidate[] = [];
  let complaint = "";
  for (const span of tried) {
    const body = text.slice(span.start, span.end);
    try {
      written.push({ value: JSON.parse(body), how: "json" });
    } catch (cause) {
      complaint ||= (cause as Error).message;
      const value = repair(body, span);
      if (value !== undefined) repaired.push({ value, how: "repaired" });
    }
  }
  if (written.length + repaired.length > 0) return { ok: true, candidates: [...written, ...repaired] };
  return { ok: false, kind: "syntax", detail: complaint };
}

/** The object after repair of its syntax, or undefined where repair would have to invent or drop something. */
function repair(body: string, span: Span): object | undefined {
  if (span.broken || span.ellipsis || body.length > MAX_REPAIR) return undefined;
  try {
    const value: unknown = JSON.parse(jsonrepair(body));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // Beyond repair is an ordinary finding: the caller reports the original complaint.
    return undefined;
  }
}
