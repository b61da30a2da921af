/** What signals, coordinates, options, nodes and parameters may be called. */

const SNAKE_CASE = /^[a-z][a-z0-9_]*$/;

/**
 * What keeps a value from being a name, as half a sentence; undefined for a name.
 *
 * A name is snake_case. "constructor" is none, for points and bindings are plain objects, which have a member of that name before
 * anybody gives them one.
 */
export function nameFault(text: unknown): string | undefined {
  if (typeof text !== "string" || !SNAKE_CASE.test(text)) return "a snake_case name is wanted";
  if (text in Object.prototype) return "every object has a member of that name: another name is wanted";
  return undefined;
}
