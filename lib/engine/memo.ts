/** What was computed from a snapshot or a query, kept as long as it lives, so that engines over the same cases share it. */

const kept = new WeakMap<object, Map<string, unknown>>();

/** The value made for `owner` under `key`; made on the first call. `key` must name everything the value depends on besides the owner. */
export function memo<T>(owner: object, key: string, make: () => T): T {
  let values = kept.get(owner);
  if (!values) kept.set(owner, values = new Map());
  if (!values.has(key)) values.set(key, make());
  return values.get(key) as T;
}
