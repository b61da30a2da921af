/** Limits on trees of unknown origin, looked for before anything recursive walks them. */

/** Deepest nesting a formula may have, in nodes. */
export const MAX_DEPTH = 24;

/** Most nodes a formula may have: far more than anybody reads or a search can tune, and few enough for every command. */
export const MAX_NODES = 4000;

/** Levels of lists and objects below which no node within MAX_DEPTH keeps anything. */
const MAX_LEVELS = 3 * MAX_DEPTH;

/** Why a value is no tree to walk, and where. */
export interface TreeFault {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
}

/** What is below a value, itself included. */
interface Extent {
  readonly levels: number;
  /** nodes above one another */
  readonly depth: number;
  readonly nodes: number;
}

const NOTHING: Extent = { levels: 0, depth: 0, nodes: 0 };

/**
 * The first thing about a value that makes it unsafe to walk as a tree of nodes: one that stands inside itself, nesting beyond MAX_DEPTH
 * nodes or more lists and objects than those need, or more than MAX_NODES nodes. Undefined where there is none.
 *
 * Whatever has an `op` counts as a node. A node shared by several places counts in each of them and is looked at once.
 */
export function findTreeFault(value: unknown): TreeFault | undefined {
  const path: PropertyKey[] = [], known = new Map<object, Extent>(), above = new Set<object>();
  let fault: TreeFault | undefined;
  const refuse = (reason: string): Extent => {
    fault = { path: [...path], reason };
    return NOTHING;
  };
  const measure = (part: unknown, depth: number): Extent => {
    if (part === null || typeof part !== "object") return NOTHING;
    if (above.has(part)) return refuse("it stands inside itself: a tree is wanted");
    const own = Object.hasOwn(part, "op") ? 1 : 0;
    if (depth + own > MAX_DEPTH) return refuse(`nested deeper than ${MAX_DEPTH} nodes: flatten it`);
    if (above.size >= MAX_LEVELS) {
      return refuse(`below more than ${MAX_LEVELS} lists and objects: flatten it`);
    }
    const before = known.get(part);
    if (before && depth + before.depth <= MAX_DEPTH && above.size + before.levels <= MAX_LEVELS) {
      return before;
    }
    above.add(part);
    let levels = 0, below = 0, nodes = own;
    for (const key of Array.isArray(part) ? part.keys() : Object.keys(part)) {
      path.push(key);
      const extent = measure((part as Record<PropertyKey, unknown>)[key], depth + own);
      if (fault) return NOTHING;
      path.pop();
      levels = Math.max(levels, extent.levels);
      below = Math.max(below, extent.depth);
      nodes += extent.nodes;
    }
    above.delete(part);
    const extent = { levels: levels + 1, depth: below + own, nodes };
    known.set(part, extent);
    return extent;
  };
  const { nodes } = measure(value, 0);
  if (!fault && nodes > MAX_NODES) refuse(`${nodes} nodes: at most ${MAX_NODES} are wanted`);
  return fault;
}
