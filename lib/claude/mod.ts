/**
 * The room that talks to models: text in, text out, recorded. It knows nothing of ranking, cases or parameters.
 *
 * One interface ({@link Model}) with five bodies: the person's `claude` command line, `codex exec`, a function in this process,
 * a script for tests, and a recorder around any of them. One way to ask ({@link askFor}): the reply is read without guessing,
 * judged by a zod schema alone, and asked again at most twice. One error ({@link ClaudeError}) with a kind, a plain sentence
 * and what to do. Three promises:
 *
 * - **Nothing within reach.** A command line runs without tools, servers or settings of a repository, in an empty folder,
 *   with an allowlisted environment; no API key is billed unless asked for; nothing outlives its deadline.
 * - **Nothing foreign acts.** Text nobody vouches for enters a prompt as escaped JSON ({@link promptJson}); a reply is data.
 * - **Nothing is paid twice or unseen.** Every attempt is accounted for, ceilings are checked before each, recordings play
 *   back what was answered before.
 */
export { claudeCli, type ClaudeCliOptions, type CliOptions } from "./cli.ts";
export { codexCli } from "./codex.ts";
export { functionModel, type FunctionModelOptions, type Respond } from "./function_model.ts";
export { type ScriptedModel, scriptedModel, type ScriptStep } from "./scripted_model.ts";
export { recorded, type RecordedModel, type RecordMode, type RecordOptions } from "./recorded.ts";
export { type Answer, askFor, type AskForOptions, judgeReply, type Verdict } from "./ask_for.ts";
export type { AskOptions, Model, ModelRequest, Reply } from "./model.ts";
export { AttemptBudget, type AttemptLimits } from "./attempts.ts";
export { CallBudget, type Ceilings, type Spent } from "./budget.ts";
export { CallJournal, type JournalEntry } from "./journal.ts";
export { ClaudeError } from "./errors.ts";
export { type Failure, FAILURES, type Next, type Retry } from "./failures.ts";
export { promptJson, type PromptJsonOptions, terminalText, TEXT_LIMITS, truncateText } from "./escape.ts";
export { redactEmails, redactSecrets } from "./redact.ts";
export { extractObjects } from "./extract.ts";
export { type JsonSchema, portableSchema } from "./schema.ts";
export { CallQueue } from "./queue.ts";
