/** Loads corpora, prepares an engine, evaluates a point, and prints the largest resident memory in MB: study, folder, quick. */
import { Arena } from "../lib/engine/arena.ts";
import { Engine } from "../lib/engine/engine.ts";
import { SPEC } from "../lib/formula/builtins.ts";
import { searchSpace } from "../lib/formula/parameters.ts";
import { defaultPoint } from "../lib/records/space.ts";
import { benchCorpora } from "./corpora.ts";
import { peakMemoryMb } from "./measure.ts";

const [study = "", folder = "", quick = ""] = Deno.args;
const corpora = await benchCorpora(study, folder, quick === "quick");
const arena = Arena.load(corpora, { splits: ["train", "selection", "test"], mode: "seed" });
new Engine(arena, SPEC).evaluate(defaultPoint(searchSpace(SPEC)));
console.log(JSON.stringify({ peakMb: peakMemoryMb() ?? null, cases: arena.cases.length }));
