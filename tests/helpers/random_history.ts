/** Random histories: forks, merges, renames, deletions, refilled names and clocks that run backwards. */
import { randomIndex, type RandomSource, randomStream } from "../../lib/base/random.ts";
import { RepositoryScript } from "./repository_script.ts";

const AUTHORS = ["Una <una@dag.example>", "Vic <vic@dag.example>"];
const NAMES = ["a.py", "b.py", "lib/c.ts", "lib/d.ts", "lib/deep/e.go", "f.rs", "notes.md"];

/** Writes a script of `n` commits from the stream "history" of a seed; the last commit merges every open branch. */
export function randomHistory(seed: number, n: number): RepositoryScript {
  const random = randomStream(seed, "history");
  const script = new RepositoryScript();
  const open = new Set<string>();
  let at_s = 1_500_000_000;
  for (let i = 0; i < n; i++) {
    const labels = script.labels;
    // Clocks disagree: about one commit in six is older than its parent says.
    at_s += randomIndex(random, 6) === 0 ? -randomIndex(random, 90_000) : randomIndex(random, 90_000);
    const recent = labels.slice(-6);
    const pick = () => recent[randomIndex(random, recent.length)]!;
    const last = i === n - 1;
    const parents = i === 0
      ? []
      : last
      ? [...new Set([labels.at(-1)!, ...open])].slice(0, 8)
      : randomIndex(random, 4) === 0
      ? [...new Set([pick(), pick()])]
      : [randomIndex(random, 3) === 0 ? pick() : labels.at(-1)!];
    for (const parent of parents) open.delete(parent);
    const label = `r${i}`;
    open.add(label);
    const tree = parents.length > 0 ? script.treeOf(parents[0]!) : new Map<string, string>();
    script.add({
      label,
      parents,
      author: AUTHORS[randomIndex(random, AUTHORS.length)]!,
      at_s,
      message: parents.length > 1 ? `Merge branch ${i}` : `Change number ${i}`,
      ...edits(random, tree as ReadonlyMap<string, string>, i, parents.length > 1),
    });
  }
  return script;
}

function edits(random: RandomSource, tree: ReadonlyMap<string, string>, i: number, merge: boolean) {
  const files: Record<string, string | null> = {}, renames: Record<string, string> = {};
  const present = [...tree.keys()];
  const times = merge ? randomIndex(random, 2) : 1 + randomIndex(random, 4);
  for (let k = 0; k < times; k++) {
    const name = NAMES[randomIndex(random, NAMES.length)]!, action = randomIndex(random, 8);
    const victim = present[randomIndex(random, Math.max(1, present.length))];
    const free = victim !== undefined && !(victim in files) && !(victim in renames) &&
      !Object.values(renames).includes(victim);
    if (action === 0 && free) files[victim] = null;
    else if (
      action <= 2 && free && !tree.has(name) && !(name in files) && !Object.values(renames).includes(name)
    ) {
      renames[victim] = name;
    } else if (!(name in renames)) {
      const old = tree.get(name) ?? `${name}\n${"line of its own\n".repeat(5)}`;
      files[name] = `${old}edit ${i}.${k} ${name.length * i}\n`;
    }
  }
  return { files, renames };
}
