/** Operations of the kernel before they have an address; `kernel/run.as` says what each does. */
import type { Ats, Spread } from "./kernel_tables.ts";

/** Opcodes. */
export const Opcode = {
  FILL: 0,
  GATHER8: 1,
  GATHER16: 2,
  SWIZZLE: 3,
  LISTS: 4,
  WALK: 5,
  AFFINE: 6,
  GATE: 7,
  POWER: 8,
  TIMES: 9,
  ADD: 10,
  MAX: 11,
  COPY: 12,
} as const;

/** A formula the kernel has no operations for. The plain path takes it. */
export class Unsupported extends Error {
  override name = "Unsupported";
}

/** Words of 32 bits an operation takes in the kernel's memory. */
export const OPERATION_WORDS = 12;

/** Where a value stands: its register, and whether it is made once a group or once a case. */
export interface Place {
  readonly register: number;
  readonly scope: "snapshot" | "query";
}

/** One operation. Numbers are written by `write` at each point; `together` says whether the point will share its pass. */
export interface Operation {
  readonly words: readonly number[];
  write?: (at: number, ats: Ats, spread: Spread, together: boolean) => void;
}
