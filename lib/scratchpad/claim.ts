/** Reading a claim's words: what it speaks of, which way, and whether it denies. Deterministic, English, no model. */

/** What must agree before two wordings can be the same claim. */
export interface Claim {
  /** Parameters named, sorted */
  readonly params: readonly string[];
  /** "PARAM up" or "PARAM down" for each direction said of a parameter in its own clause, sorted */
  readonly directions: readonly string[];
  /** "up" and "down" of clauses that name no parameter, sorted: "ranks too low" against "ranks too high" */
  readonly freeDirections: readonly string[];
  /** "good" and "bad", sorted: "helps" against "hurts" */
  readonly polarity: readonly string[];
  /** Whether it holds an odd number of negations */
  readonly negated: boolean;
  /** Numbers in it, as written, sorted: "under 50 files" against "under 500 files" */
  readonly numbers: readonly string[];
  /** Stems of the words that carry the rest of the meaning, sorted, each once */
  readonly words: readonly string[];
}

const words = (text: string) => new Set(text.split(" "));

const UP = words(
  "high higher highest up raise raises raised raising increase increases increased increasing increment large larger big " +
    "bigger more much strong stronger strengthen boost boosts boosted boosting excessive overweight overweighted above over",
);
const DOWN = words(
  "low lower lowers lowered lowering lowest down decrease decreases decreased decreasing reduce reduces reduced reducing small " +
    "smaller less little weak weaker weaken cut cuts insufficient underweight underweighted below under",
);
const GOOD = words(
  "help helps helped helping helpful improve improves improved improving better good fix fixes fixed gain gains benefit " +
    "benefits win wins useful correct",
);
const BAD = words(
  "hurt hurts hurting harm harms harmed harming harmful worsen worsens worse bad break breaks broke lose loses useless fail fails " +
    "failed drown drowns drowned drowning bury buries buried",
);
const NEGATIONS = words(
  "not no never without cannot nor neither lacks lack lacking hardly " +
    "n't don't doesn't isn't aren't can't won't didn't wasn't shouldn't",
);
const FILLERS = words(
  "a an the and or of to in on at by for from with as is are be been it its this that these those when while if then than so too " +
    "very can may will would does do has have which there here because since due cause causes causing lead leads leading " +
    "result results resulting make makes making get gets become becomes value values parameter setting set ranker ranking we i",
);

/** Where one clause ends and the next begins: direction words do not reach across. */
const CLAUSE_END =
  /[,;:!?()+&×*=]|\.(?!\d)|->|=>|→|⇒|\b(?:and|with|but|plus|while|because|causes?|leads? to|when|if|then)\b/;

/** Short names people use for a parameter, by the word as written. Only those whose parameter is in the space count. */
const ALIASES: Readonly<Record<string, string>> = {
  alpha: "pagerank_alpha",
  "α": "pagerank_alpha",
  damping: "pagerank_alpha",
};

/**
 * Reads a claim. `params` are the names of the space, so that a mention can be told from a word.
 *
 * A parameter is mentioned by its name, by an alias ("α", "damping"), or by an identifier that is part of exactly one name
 * ("boost_chat" for boost_chat_file); an ambiguous part ("git_recency") stays an ordinary word.
 */
export function readClaim(text: string, params: readonly string[]): Claim {
  const mentioned = new Set<string>(), directions = new Set<string>(), freeDirections = new Set<string>();
  const polarity = new Set<string>(), numbers = new Set<string>(), content = new Set<string>();
  let negations = 0;
  for (const clause of text.normalize("NFKC").toLowerCase().replaceAll("’", "'").split(CLAUSE_END)) {
    const named: string[] = [], said = new Set<string>();
    for (const token of clause.match(/\d+(?:\.\d+)?%?|[\p{L}_][\p{L}\d_]*(?:'[a-z]+)?/gu) ?? []) {
      const param = findParam(token, params);
      if (param !== undefined) named.push(param);
      else if (/^\d/.test(token)) numbers.add(token);
      else if (NEGATIONS.has(token)) negations++;
      else if (UP.has(token)) said.add("up");
      else if (DOWN.has(token)) said.add("down");
      else if (GOOD.has(token)) polarity.add("good");
      else if (BAD.has(token)) polarity.add("bad");
      else if (!FILLERS.has(token)) {
        token.split("_").filter(Boolean).forEach((part) => content.add(stem(part)));
      }
    }
    for (const param of named) {
      mentioned.add(param);
      for (const way of said) directions.add(`${param} ${way}`);
    }
    if (named.length === 0) said.forEach((way) => freeDirections.add(way));
  }
  const sorted = (set: Set<string>) => [...set].sort();
  return {
    params: sorted(mentioned),
    directions: sorted(directions),
    freeDirections: sorted(freeDirections),
    polarity: sorted(polarity),
    negated: negations % 2 === 1,
    numbers: sorted(numbers),
    words: sorted(content),
  };
}

function findParam(token: string, params: readonly string[]): string | undefined {
  if (params.includes(token)) return token;
  const alias = ALIASES[token];
  if (alias !== undefined) return params.includes(alias) ? alias : undefined;
  if (!token.includes("_")) return undefined;
  const holders = params.filter((name) => `_${name}_`.includes(`_${token}_`));
  return holders.length === 1 ? holders[0] : undefined;
}

/** Takes the commonest English endings off. Crude on purpose: equal stems are wanted, not words. */
function stem(word: string): string {
  if (word.length <= 4) return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
  return word.replace(/(?:ings?|edly|ed|ly|ies|es|s)$/, "").replace(/[ey]$/, "");
}
