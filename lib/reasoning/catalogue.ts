/** Edits worth trying on a formula, read off the formula itself: what evidence measures before anybody proposes it. */
import { type Formula, resolveNodes, walkNodes } from "../formula/document.ts";
import { applyEdits } from "../formula/edits.ts";
import type { Edit } from "../formula/edit_schema.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { allSignals } from "../signals/registry.ts";

/** One structural option. */
export interface CatalogueEntry {
  /** one line for people and prompts */
  readonly what: string;
  readonly edits: readonly Edit[];
  readonly formula: Formula;
}

/** Peak of a new boost: strong enough to be seen, far from its upper bound of 10,000. */
const PEAK = 10;

/**
 * Lists the edits: every gate as a continuous boost, every structural option of a leaf at another value, gate and option together, and
 * every elementwise signal that is missing, as one more boost of the root product. Edits that would not apply, or change nothing, are left out.
 *
 * @param mode signals that need the message are offered in "message" mode only
 */
export function listEdits(formula: Formula, mode: QueryMode): CatalogueEntry[] {
  const root = resolveNodes(formula), nodes = [...walkNodes(root)];
  const drafts: { what: string; edits: Edit[] }[] = [];
  const used = new Set<string>();
  for (const node of nodes) {
    if (node.signal === undefined) continue;
    used.add(`${node.signal.name} ${JSON.stringify(node.options)}`);
    const others = Object.entries(node.signal.choices ?? {}).flatMap(([option, values]) =>
      values.filter((value) => value !== node.options![option]).map((value) => ({ option, value }))
    );
    const gate = nodes.find((n) => n.node.op === "gate" && n.children[0] === node);
    const open: Edit[] = gate === undefined ? [] : [
      { edit: "wrap", id: node.id, with: "boost", as: `${node.id}_boost` },
      { edit: "unwrap", id: gate.id },
    ];
    if (open.length > 0) {
      drafts.push({ what: `replace the gate ${gate!.id} by a continuous boost of ${node.id}`, edits: open });
    }
    for (const { option, value } of others) {
      const set: Edit = { edit: "set_option", id: node.id, option, value };
      drafts.push({ what: `measure ${node.id} by ${option} = ${value}`, edits: [set] });
      if (open.length > 0) {
        drafts.push({
          what: `replace the gate ${
            gate!.id
          } by a continuous boost of ${node.id}, measured by ${option} = ${value}`,
          edits: [set, ...open],
        });
      }
    }
  }
  if (root.node.op === "product") {
    drafts.push(...additions(root.id, used, new Set(nodes.map((n) => n.id)), mode));
  }
  const before = formulaHash(formula);
  return drafts.flatMap(({ what, edits }) => {
    const edited = applyEdits(formula, edits, { name: formula.name, description: formula.description });
    return formulaHash(edited) === before ? [] : [{ what, edits, formula: edited }];
  });
}

function additions(
  root: string,
  used: ReadonlySet<string>,
  taken: ReadonlySet<string>,
  mode: QueryMode,
): { what: string; edits: Edit[] }[] {
  return allSignals().flatMap((signal) => {
    if (signal.kind === "walk" || (signal.needs === "message" && mode === "seed")) return [];
    // Every value of the first option, the others at their defaults: all combinations would be too many to measure.
    const defaults = Object.fromEntries(
      Object.entries(signal.choices ?? {}).map(([name, values]) => [name, values[0]!]),
    );
    const [first] = Object.entries(signal.choices ?? {});
    const variants = first === undefined
      ? [{ options: defaults, name: signal.name }]
      : first[1].map((value) => ({
        options: { ...defaults, [first[0]]: value },
        name: `${signal.name}_${value.replaceAll(/[^a-z0-9_]/g, "_")}`,
      }));
    return variants.flatMap(({ options, name }) => {
      if (
        used.has(`${signal.name} ${JSON.stringify(options)}`) || taken.has(name) || taken.has(`${name}_boost`)
      ) return [];
      const edit: Edit = {
        edit: "add_term",
        at: root,
        term: {
          op: "boost",
          id: `${name}_boost`,
          peak: { param: `${name}_boost`, default: PEAK, low: 1, high: 10_000, scale: "log" },
          term: { op: "signal", id: name, signal: signal.name, options },
        },
      };
      return [{ what: `add a boost of ${name}: ${signal.description}`, edits: [edit] }];
    });
  });
}
