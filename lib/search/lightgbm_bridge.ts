/** LightGBM's LambdaMART over a Python child: the strongest learned ranker that is at hand, where it is at hand. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../base/paths.ts";
import type { RankingData } from "./listwise_softmax.ts";
import { openPythonLink, pythonOf } from "./python_link.ts";

const SCRIPT = join(PROJECT_ROOT, "lib", "search", "lightgbm_bridge.py");

/** LightGBM cannot be used here. A caller catches it to go on without and say why. */
export class LightgbmUnavailable extends Error {
  override name = "LightgbmUnavailable";
}

/** A fitted ensemble of regression trees. Dispose of it with `close`, or the child stays. */
export interface TreeRanker {
  /** of LightGBM */
  readonly version: string;
  /** loss taken off by splits on each column */
  readonly gain: readonly number[];
  /** Scores of items, row after row, by ensembles of so many trees (ascending): one array each. */
  scores(values: Float32Array, rounds: readonly number[]): Promise<Float64Array[]>;
  close(): Promise<void>;
}

/** Options of {@link fitLambdaMart}. */
export interface LambdaMartOptions {
  readonly seed: number;
  /** trees */
  readonly rounds: number;
  /** Python with lightgbm installed; default the variable RIPMAP_LAB_PYTHON, else "python3" */
  readonly python?: string | undefined;
}

/**
 * Fits trees of 15 leaves to the lambda gradient of nDCG (LambdaMART; Burges, MSR-TR-2010-82) at learning rate 0.05, on one thread.
 *
 * The same data and seed give the same model under the same LightGBM. Numbers pass through files in a temporary folder, which is
 * removed by `close`.
 * @throws {LightgbmUnavailable} when Python or lightgbm is missing, with what to install
 */
export async function fitLambdaMart(data: RankingData, options: LambdaMartOptions): Promise<TreeRanker> {
  const { seed, rounds } = options, python = pythonOf(options.python);
  const link = openPythonLink({
    python,
    script: SCRIPT,
    what: "LightGBM",
    missing: (why) =>
      new LightgbmUnavailable(
        `Cannot run LightGBM with ${python}: ${why}; install it with "${python} -m pip install lightgbm" or name a Python that has it with --python or RIPMAP_LAB_PYTHON`,
      ),
  });
  const folder = await Deno.makeTempDir({ prefix: "lightgbm-" });
  const close = async () => {
    await link.close();
    await Deno.remove(folder, { recursive: true });
  };
  const put = async (name: string, array: Float32Array | Float64Array | Uint32Array) => {
    const file = join(folder, name);
    await Deno.writeFile(
      file,
      new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength),
    );
    return file;
  };
  try {
    const { width, values, relevance, offsets, weights } = data;
    const fitted = await link.request({
      op: "fit",
      width,
      values: await put("values", values),
      relevance: await put("relevance", relevance),
      sizes: await put("sizes", Uint32Array.from(weights, (_, i) => offsets[i + 1]! - offsets[i]!)),
      weights: await put("weights", weights),
      rounds,
      seed,
    });
    return {
      version: String(fitted["lightgbm"]),
      gain: fitted["gain"] as number[],
      async scores(items, wanted) {
        const out = join(folder, "scores");
        await link.request({ op: "predict", width, values: await put("items", items), rounds: wanted, out });
        const bytes = await Deno.readFile(out), rows = items.length / width;
        return wanted.map((_, i) => new Float64Array(bytes.buffer, 8 * rows * i, rows).slice());
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
