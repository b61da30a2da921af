/** Where a job record holds what; `kernel_lane.ts` writes it. A job is one point of a formula, to be run over a list of groups. */

// Groups are taken from the first of several linked jobs, by all workers.
// @ts-ignore: decorator
@inline
export const NEXT: usize = 0, GROUPS: usize = 4, LIST: usize = 8, LISTED: usize = 12, CHUNK: usize = 16;

// Cases, and what their targets are worth.
// @ts-ignore: decorator
@inline
export const CASES: usize = 20, TARGETS: usize = 24, RELEVANCE: usize = 28, DISCOUNTS: usize = 32, IDEALS: usize = 88;

// Operations on registers, walks, the register of the score and one behind all others.
// @ts-ignore: decorator
@inline
export const GROUP_OPS: usize = 36, N_GROUP_OPS: usize = 40, CASE_OPS: usize = 44, N_CASE_OPS: usize = 48, WALKS: usize = 52,
  N_WALKS: usize = 56, STRIDE: usize = 68, SCORE: usize = 72, SPARE: usize = 84;

// What comes out, and what decides it.
// @ts-ignore: decorator
@inline
export const VALUES: usize = 60, RANKS: usize = 64, TINY: usize = 76, CUTOFF: usize = 80, UNDECIDED: usize = 92;

// What a target's score times is the least that is surely above it, and the most that is surely below; where the files of each group
// stand among the snapshot's (u16).
// @ts-ignore: decorator
@inline
export const ABOVE: usize = 100, BELOW: usize = 104, ORDERS: usize = 108;

// The next of the jobs that are run together.
// @ts-ignore: decorator
@inline
export const LINK: usize = 96;

/** Bytes of an operation. */
// @ts-ignore: decorator
@inline
export const OPERATION: usize = 48;
