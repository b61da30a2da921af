/**
 * Room of memory: what a study did, and what it has learned so far.
 *
 * Takes checked records. Gives a journal that survives being killed at any byte, the state folded from its lines, paraphrases told
 * from new claims, the insights worth a prompt, `scratchpad.json` in the spec's shape, and SQL over all studies. Guards: lines
 * are appended and never rewritten; nothing counts before its episode is committed; a claim's status comes from its tests
 * alone. May not know how cases are made, scored or split, nor talk to a model.
 */
export { type Claim, readClaim } from "./claim.ts";
export { DISK, type Disk } from "./disk.ts";
export { EPISODES, EVALUATIONS, FAILURES, INSIGHTS, MANIFESTS, type RecordFile } from "./files.ts";
export {
  type AcceptedChange,
  type BestPoint,
  foldScratchpad,
  type ScratchpadLines,
  type ScratchpadState,
  type TrajectoryStep,
  type TurnedDown,
} from "./fold.ts";
export { type InsightState, isLive, statusOf } from "./insight_state.ts";
export { type Journal, type JournalOptions, openJournal, recordManifest } from "./journal.ts";
export { type Lens, type LensParameter, type LensRow, type LensValue, openLens } from "./lens.ts";
export { LockedError, lockStudy, type StudyLock } from "./lock.ts";
export {
  type ClaimContext,
  claimEvents,
  type EventTime,
  insightsUsed,
  type NewClaim,
  retiredEvent,
  supersededEvent,
  testedEvent,
  updatedEvent,
} from "./merge.ts";
export { readFailures, type ReadFileOptions, readRecords, readScratchpad } from "./read.ts";
export { describeRecovery, type Recovery } from "./recover.ts";
export {
  compareInsights,
  estimateTokens,
  insightLine,
  type InsightSelection,
  insightValue,
  type SelectedInsight,
  selectInsights,
} from "./select.ts";
export {
  claimSimilarity,
  isSameClaim,
  SAME_CLAIM,
  SAME_CLAIM_INTERACTION,
  textSimilarity,
} from "./similarity.ts";
export { specScratchpad } from "./spec_shape.ts";
export { findRepeated, logDistance, nearestTurnedDown, SAME_PROPOSAL } from "./turned_down.ts";
export type { ViewColumn, ViewTable } from "./view_column.ts";
export { VIEW_COLUMNS, type ViewName } from "./view_columns.ts";
