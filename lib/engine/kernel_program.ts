/** A formula as operations of the kernel: laid out once, its numbers written anew at each point. */
import type { ResolvedNode } from "../formula/document.ts";
import { KernelCompiler } from "./kernel_compiler.ts";
import type { KernelMemory, Region } from "./kernel_memory.ts";
import { type Operation, OPERATION_WORDS, Unsupported } from "./kernel_operations.ts";
import type { Ats, LaneTables, Spread } from "./kernel_tables.ts";
import { WalkCurves } from "./walk_curves.ts";

/** Operations of a formula over an arena. @throws {Unsupported} */
export class KernelProgram {
  readonly walks: { readonly node: ResolvedNode; readonly curves: WalkCurves }[] = [];
  readonly registers: number;
  /** register of the score */
  readonly score: number;
  /** bytes of features a run reads */
  readonly featureBytes: number;
  readonly groupOps: { readonly at: number; readonly count: number };
  readonly caseOps: { readonly at: number; readonly count: number };
  readonly #written: { at: number; operation: Operation }[] = [];
  readonly #before: readonly ((ats: Ats) => void)[];

  /** @param tables of all lanes of the formula, of which this is the `lane`-th */
  constructor(
    readonly memory: KernelMemory,
    readonly region: Region,
    root: ResolvedNode,
    tables: LaneTables,
    lane: number,
  ) {
    const walkNodes: ResolvedNode[] = [];
    const collect = (node: ResolvedNode) => {
      if (node.signal?.kind === "walk") walkNodes.push(node);
      node.children.forEach(collect);
    };
    collect(root);
    // The kernel keeps 512 bytes of totals, one of 8 a walk.
    if (walkNodes.length > 64) throw new Unsupported("more than 64 walks");
    for (const node of walkNodes) {
      // Two leaves on one walk may stand at different alphas, so the second gets vectors of its own.
      const shared = WalkCurves.of(memory, node);
      const taken = this.walks.some(({ curves }) => curves === shared);
      this.walks.push({ node, curves: taken ? WalkCurves.own(memory, node) : shared });
    }
    const compiler = new KernelCompiler(memory, region, walkNodes, { tables, lane, next: 0 });
    this.score = compiler.score(root);
    this.registers = compiler.registers;
    this.featureBytes = compiler.featureBytes;
    this.#before = compiler.before;
    const layOut = (operations: readonly Operation[]) => {
      const at = region.take(4 * OPERATION_WORDS * operations.length);
      operations.forEach((operation, i) => {
        const address = at + 4 * OPERATION_WORDS * i;
        memory.u32(address, operation.words.length).set(operation.words);
        this.#written.push({ at: address, operation });
      });
      return { at, count: operations.length };
    };
    this.groupOps = layOut(compiler.operations.snapshot);
    this.caseOps = layOut(compiler.operations.query);
  }

  /**
   * Writes every number that depends on the point.
   *
   * @param together whether the point will share its pass
   * @returns the powers of ten between which a score's factors without walks may lie, the largest possible first; the kernel is good
   *   for scores inside the range of a Float32
   */
  moveTo(ats: Ats, together: boolean): Spread {
    const spread: Spread = { high: 0, low: 0 };
    for (const before of this.#before) before(ats);
    for (const { at, operation } of this.#written) operation.write?.(at, ats, spread, together);
    return spread;
  }
}
