/** Limits on trees of unknown origin, checked before anything recursive walks them. */
import { NESTING_LIMIT } from "./lexer.ts";

/**
 * Checks that a value is safe to walk as a tree whose nodes keep their children in `of` (a list or a single node).
 *
 * Cyclic values and values that share a node too often break one of the limits. What the nodes are is not looked at.
 * @param what is being checked, for the message: "focus expression"
 * @param leaves allowed, and what one is called: [64, "names"]
 * @throws {RangeError} for more leaves, or for more levels than a parser would have read
 */
export function checkTreeLimits(
  what: string,
  root: unknown,
  leaves: readonly [most: number, name: string],
): void {
  let level: unknown[] = [root], seen = 0;
  // Between two parentheses a sentence holds a few levels of lists, prefixes and suffixes.
  for (let depth = 0; level.length > 0; depth++) {
    const inner = level.filter((node) => children(node).length > 0);
    seen += level.length - inner.length;
    // Every inner node has a leaf below it, so no level is wider than the leaves are many.
    if (Math.max(seen, level.length) > leaves[0]) {
      throw new RangeError(`Bad ${what}: more than ${leaves[0]} ${leaves[1]}; use fewer`);
    }
    if (depth > 5 * NESTING_LIMIT) throw new RangeError(`Bad ${what}: nested too deep; flatten it`);
    level = inner.flatMap(children);
  }
}

function children(node: unknown): unknown[] {
  const of = node === null || typeof node !== "object" ? undefined : (node as { of?: unknown }).of;
  return of === undefined ? [] : Array.isArray(of) ? of : [of];
}
