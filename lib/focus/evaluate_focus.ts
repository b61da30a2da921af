/** What a focus expression comes to in one repository: a weight for every file. */
import { checkFocus, type FocusExpression } from "./focus_expression.ts";
import { FocusGraph } from "./focus_graph.ts";
import { type FocusOptions, type FocusWorld, passes } from "./focus_world.ts";
import { guessFit, joinedName, mayFit, nameParts, sureFit } from "./match_name.ts";
import { baseName, matchGlob, matchPath, stem } from "./match_path.ts";

/** What one name of the expression was taken to mean. */
export interface FocusTerm {
  readonly text: string;
  readonly exact: boolean;
  /** Files with a weight above 0. 0: the name matched nothing */
  readonly files: number;
  /** The symbols and paths it fitted best, at most five, best first */
  readonly best: readonly { readonly name: string; readonly score: number }[];
}

/** Weights and how they came about. */
export interface FocusResult {
  /** One a node, in [0, 1]; 0 is out of focus */
  readonly weights: Float64Array;
  /** Each different name once, in order of first mention */
  readonly terms: readonly FocusTerm[];
}

/** A file whose folder is named, but not itself, weighs this much. */
const FOLDER_WEIGHT = 0.5;

/** Something a name fits: a symbol or a path, and what that gives to a node. */
interface Fit {
  readonly name: string;
  readonly score: number;
  readonly node: number;
  readonly weight: number;
}

/** A world made ready: names taken apart and links read once, for any number of expressions. */
export interface OpenFocus {
  /** @throws {RangeError | z.ZodError} for a value that is no expression */
  evaluate(expression: FocusExpression): FocusResult;
}

/**
 * Makes a world ready. Sets are fuzzy: a file has a weight in [0, 1].
 *
 * - a name: the best fit (`matchName`) among the symbols defined in the file, times the definition's score, and the
 *   file's own name with and without extension; 0.5 when a folder above it has that very name. Guesses count only for a
 *   name that nothing fits better. A name with `/` is a path (`matchPath`), one with `*` or `?` a glob over paths.
 * - a quoted name: weight 1 times the score for that very symbol, path, last segments of a path, or file name; no case
 *   folding, no guess
 * - `a & b`: the smaller weight. `a | b`: the larger one
 * - `a -> b`: see `FocusGraph.between`; with more stops, the larger weight over the legs
 * - `a @ h`: see `FocusGraph.widen`. `a % f`: see `passes`
 *
 * A name that fits nothing is the empty set: `&` and `->` with it give nothing more, `|` ignores it; `terms` tells.
 *
 * @throws {RangeError} for options out of range, a node out of range or a score outside (0, 1]
 */
export function openFocus(world: FocusWorld, options: FocusOptions = {}): OpenFocus {
  const settings = { decay: 0.5, recent_days: 30, churned_commits: 10, ...options };
  checkWorld(world, settings);
  const { symbols } = world, joined = symbols.map(({ name }) => joinedName(name));
  const { paths } = world, lowered = paths.map((path) => path.toLowerCase());
  const bases = paths.map(baseName), joinedBases = bases.map(joinedName);
  let links: FocusGraph | undefined;
  const graph = () => links ??= new FocusGraph(world);

  /** Every symbol and file that fits a name, and the weight it gives to a node. */
  function fits(text: string, exact: boolean, sure: boolean): Fit[] {
    const word = nameParts(text), folded = text.toLowerCase(), fit = sure ? sureFit : guessFit;
    const isGlob = !exact && /[*?]/.test(text), isPath = !exact && text.includes("/");
    const found: Fit[] = [];
    if (!isGlob && !isPath) {
      // Thousands of names are passed over for one that fits, so most are not even taken apart.
      for (let i = 0; i < symbols.length; i++) {
        const { name, files } = symbols[i]!;
        if (exact ? name !== text : sure && name !== text && !mayFit(word, joined[i]!)) continue;
        const score = exact ? 1 : fit(word, nameParts(name));
        if (score === 0) continue;
        for (const file of files) {
          found.push({ name, score, node: file.node, weight: score * file.score });
        }
      }
    }
    for (let node = 0; node < paths.length; node++) {
      const path = paths[node]!, base = bases[node]!;
      let score = 0;
      if (isGlob) score = Number(matchGlob(text, path));
      else if (isPath) score = matchPath(text, path);
      else if (exact) score = Number(matchPath(text, path) >= 0.95 || stem(base) === text);
      else {
        // A stem's letters are the first of its base name's, so what may fit either may fit the base name.
        if (!sure || base === text || stem(base) === text || mayFit(word, joinedBases[node]!)) {
          score = Math.max(fit(word, nameParts(base)), fit(word, nameParts(stem(base))));
        }
        if (score < FOLDER_WEIGHT && isFolderOf(folded, lowered[node]!)) score = FOLDER_WEIGHT;
      }
      if (score > 0) found.push({ name: path, score, node, weight: score });
    }
    return found;
  }

  function evaluateName(text: string, exact: boolean): { weights: Float64Array; term: FocusTerm } {
    let found = fits(text, exact, true);
    if (found.length === 0) found = fits(text, exact, false);
    const weights = new Float64Array(paths.length), names = new Map<string, number>();
    for (const { name, score, node, weight } of found) {
      weights[node] = Math.max(weights[node]!, weight);
      names.set(name, Math.max(names.get(name) ?? 0, score));
    }
    const best = [...names].map(([name, score]) => ({ name, score })).sort((a, b) => b.score - a.score).slice(
      0,
      5,
    );
    return { weights, term: { text, exact, files: weights.filter((weight) => weight > 0).length, best } };
  }

  return {
    evaluate(expression) {
      const terms = new Map<string, { weights: Float64Array; term: FocusTerm }>();
      const walk = (node: FocusExpression): Float64Array => {
        switch (node.kind) {
          case "name": {
            const key = JSON.stringify([node.text, node.exact]);
            const known = terms.get(key) ?? evaluateName(node.text, node.exact);
            terms.set(key, known);
            return known.weights;
          }
          case "any":
            return node.of.map(walk).reduce(larger);
          case "all":
            return node.of.map(walk).reduce((a, b) => a.map((weight, i) => Math.min(weight, b[i]!)));
          case "path": {
            const stops = node.of.map(walk);
            return stops.slice(1).map((stop, i) => graph().between(stops[i]!, stop, settings.decay)).reduce(
              larger,
            );
          }
          case "refined":
            return node.by.reduce(
              (weights, by) =>
                by.kind === "hops"
                  ? graph().widen(weights, by.hops, settings.decay)
                  : weights.map((weight, i) => weight > 0 && passes(world, i, by, settings) ? weight : 0),
              walk(node.of),
            );
        }
      };
      const weights = Float64Array.from(walk(checkFocus(expression)));
      return { weights, terms: [...terms.values()].map(({ term }) => term) };
    },
  };
}

/** Whether a folder of a path has that name. */
function isFolderOf(name: string, path: string): boolean {
  return path.startsWith(`${name}/`) || path.includes(`/${name}/`);
}

function larger(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((weight, i) => Math.max(weight, b[i]!));
}

function checkWorld(
  world: FocusWorld,
  { decay, recent_days, churned_commits }: Required<FocusOptions>,
): void {
  if (!(decay > 0 && decay <= 1)) {
    throw new RangeError(`Bad focus options: decay is ${decay}, (0, 1] is wanted`);
  }
  for (const [name, value] of Object.entries({ recent_days, churned_commits })) {
    if (!(value > 0)) {
      throw new RangeError(`Bad focus options: ${name} is ${value}, a number above 0 is wanted`);
    }
  }
  for (const { name, files } of world.symbols) {
    for (const { node, score } of files) {
      if (world.paths[node] === undefined || !(score > 0 && score <= 1)) {
        throw new RangeError(
          `Bad focus world: ${name} is defined in node ${node} with score ${score}; ` +
            `nodes are 0 to ${world.paths.length - 1}, scores lie in (0, 1]`,
        );
      }
    }
  }
}
