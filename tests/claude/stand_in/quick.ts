/** How patient a test is. */

/** Settings that keep a test short: no queue, tiny pauses. */
export const QUICK = {
  graceMs: 200,
  settleMs: 1000,
  deadlineMs: 30_000,
  retryDelaysMs: { soon: [1], later: [1] },
} as const;
