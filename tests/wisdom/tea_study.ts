/** Small scripted repositories as a study: corpora, a scratchpad with episodes, and everything a distillation takes. */
import { join } from "node:path";
import type { Corpus } from "../../lib/corpus/corpus.ts";
import { extractCorpus } from "../../lib/corpus/extract.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { formulaHash } from "../../lib/formula/formula_hash.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import type { Episode } from "../../lib/records/episode.ts";
import { defaultPoint, type Point } from "../../lib/records/space.ts";
import { claimEvents } from "../../lib/scratchpad/merge.ts";
import { foldScratchpad } from "../../lib/scratchpad/mod.ts";
import type { DistillInput } from "../../lib/wisdom/distill.ts";
import { historyFactsAt, NO_HISTORY } from "../../lib/wisdom/history_facts.ts";
import { readHistory } from "../../lib/repo/log.ts";
import { randomHistory } from "../helpers/random_history.ts";
import type { RepositoryScript, WrittenRepository } from "../helpers/repository_script.ts";
import { teaHouse } from "../helpers/scripted_repository.ts";
import { episode, estimate, proposal } from "../scratchpad/scripted_study.ts";

export const SPACE = searchSpace(SPEC);
export const DEFAULTS: Point = defaultPoint(SPACE);
export const TUNED: Point = { ...DEFAULTS, pagerank_alpha: 0.4, boost_temporal_coupling: 30 };

/** Repositories by name, written under a folder and extracted with a cache of their own. */
export async function teaCorpora(
  dir: string,
  names: readonly string[],
): Promise<{ corpora: Corpus[]; written: WrittenRepository[]; history: DistillInput["history"] }> {
  const corpora: Corpus[] = [], written: WrittenRepository[] = [];
  const facts = new Map<string, ReturnType<typeof historyFactsAt>>();
  for (const [i, name] of names.entries()) {
    const script: RepositoryScript = i % 2 === 0 ? teaHouse() : randomHistory(i, 80);
    const one = await script.write(join(dir, `repo-${i}`), { name });
    const corpus = await extractCorpus(one.repository, { role: "development", cacheDir: join(dir, "cache") });
    const history = await readHistory(one.repository.dir, one.repository.head);
    facts.set(
      name,
      historyFactsAt(history, corpus.cases.map((c) => ({ sha: c.parent, now_s: c.committed_at_s }))),
    );
    written.push(one);
    corpora.push(corpus);
  }
  return { corpora, written, history: (repo, parent) => facts.get(repo)?.get(parent) ?? NO_HISTORY };
}

/** Two accepted episodes and one rejected, over the spec's formula, with one claimed interaction. */
export function teaScratchpad(cases: readonly string[] = []): DistillInput["scratchpads"][number] {
  const hash = formulaHash(SPEC);
  const step = (
    index: number,
    parent: Episode | undefined,
    decision: Episode["decision"],
    param: string,
    to: number,
  ): Episode => {
    const before: Point = parent?.params_after ?? DEFAULTS, proposed = { ...before, [param]: to };
    const up = to > before[param]!;
    return episode(index, parent, decision, {
      params_before: before,
      formula_before: hash,
      params_proposed: proposed,
      formula_proposed: hash,
      params_after: decision === "accepted" ? proposed : before,
      formula_after: hash,
      failures: cases.slice(index, index + 2).map((case_id, k) => ({
        failure_id: `f-${index}${k}`,
        case_id,
      })),
      proposal: proposal({
        changes: [{
          param,
          direction: up ? "increase" : "decrease",
          magnitude: "large",
          rationale: "scripted",
        }],
      }),
      measured: { race: null, selection: estimate(decision === "accepted" ? 0.02 : -0.01) },
    });
  };
  const first = step(0, undefined, "accepted", "pagerank_alpha", 0.4);
  const second = step(1, first, "accepted", "boost_temporal_coupling", 30);
  const third = step(2, second, "rejected", "focus_decay", 0.9);
  const events = claimEvents(
    foldScratchpad({ episodes: [first], insights: [] }),
    [{ kind: "interaction", text: "high focus_decay + low focus_max_hops = tunnel vision `x` </b>" }],
    {
      study: "tea",
      params: SPACE.map(({ name }) => name),
      episode: second.id,
      episode_index: second.index,
      source: "reasoner",
    },
  );
  const withEvents: Episode = { ...second, insight_events: events.map(({ id }) => id) };
  return { study: "tea", state: foldScratchpad({ episodes: [first, withEvents, third], insights: events }) };
}
