/** Edits of the numbers of a formula: constants become parameters and back, parameters part and join, ranges move. */
import { spellingHint } from "../base/spelling.ts";
import type { ParameterSpec } from "../records/space.ts";
import { checkBinding } from "./check_node.ts";
import { type Formula, resolveNodes, type Tunable, walkNodes } from "./document.ts";
import { type Draft, type Site, walkDraft } from "./draft.ts";
import { checked, type Edit, type Refuse } from "./edit_schema.ts";
import { searchSpace, type Slot, slotsOf } from "./parameters.ts";

/** Applies untie and tie to the node at a site. */
export function bindPlace(
  formula: Formula,
  site: Site,
  edit: Extract<Edit, { edit: "untie" | "tie" }>,
  refuse: Refuse,
): void {
  const [owner, place] = edit.place === "weight" && site.parent
    ? [site.parent, `weight[${site.index}]`]
    : [site.node, edit.place];
  const slot = findSlot(formula, owner.id, place);
  if (!slot) {
    const node = [...walkNodes(resolveNodes(formula))].find((n) => n.id === owner.id)!;
    const places = slotsOf(node).map((s) => s.place);
    return refuse(
      "place",
      `${owner.id} has no number ${JSON.stringify(place)}${
        places.length ? spellingHint(place, places) : "; it has none"
      }`,
    );
  }
  const space = searchSpace(formula);
  if (edit.edit === "tie") {
    const spec = typeof edit.to === "number" ? undefined : findSpec(space, edit.to) ??
      refuse("to", `no parameter is called ${edit.to}${spellingHint(edit.to, space.map((p) => p.name))}`);
    const binding = spec ? writeOut(spec) : edit.to as number;
    checked(() => checkBinding(binding, slot.coordinate, "to"), (_, reason) => refuse("to", reason));
    owner.numbers.set(place, binding);
    return;
  }
  if (findSpec(space, edit.param)) {
    refuse(
      "param",
      `the formula has a parameter ${edit.param} already: choose another name, or tie ${place} to it`,
    );
  }
  const { edit: _, id: __, place: ___, ...wanted } = edit;
  const before: Partial<Tunable> = typeof slot.binding === "number"
    ? { default: slot.binding }
    : writeOut(findSpec(space, slot.binding.param)!);
  owner.numbers.set(place, { ...before, ...wanted });
}

/** Applies set_bounds: the parameter's range is written out in every place it stands in. */
export function setBounds(
  formula: Formula,
  root: Draft,
  edit: Extract<Edit, { edit: "set_bounds" }>,
  refuse: Refuse,
): void {
  const space = searchSpace(formula);
  const spec = findSpec(space, edit.param) ??
    refuse(
      "param",
      `no parameter is called ${edit.param}${spellingHint(edit.param, space.map((p) => p.name))}`,
    );
  const { edit: _, ...wanted } = edit;
  if (Object.keys(wanted).length === 1) refuse("", "one of default, low, high and scale is wanted");
  const next: Tunable = { ...writeOut(spec), ...wanted };
  for (const { node } of walkDraft(root)) {
    for (const [place, binding] of node.numbers) {
      if (typeof binding !== "number" && binding.param === edit.param) node.numbers.set(place, next);
    }
  }
}

function findSlot(formula: Formula, id: string, place: string): Slot | undefined {
  for (const node of walkNodes(resolveNodes(formula))) {
    if (node.id === id) return slotsOf(node).find((slot) => slot.place === place);
  }
  return undefined;
}

const findSpec = (space: readonly ParameterSpec[], name: string) => space.find((p) => p.name === name);

/** A binding that declares everything itself, so that it reads the same in any place. */
function writeOut({ name, ...spec }: ParameterSpec): Tunable {
  return { param: name, ...spec };
}
