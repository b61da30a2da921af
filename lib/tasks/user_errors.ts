/** Which errors are for the user: their message says what failed and what to do, so a task prints it alone. Any other is a fault of ours. */

/**
 * Names of the kit's error classes that are, and of what the system refuses. By name, so that the frame of a task need not load the rooms
 * they come from, and because a name is all that a thread hands over. Subclasses of RangeError need no mention.
 */
export const USER_ERRORS: ReadonlySet<string> = new Set([
  "ClaudeError",
  "EditError",
  "FormulaError",
  "GitError",
  "KernelBuildError",
  "LanguageError",
  "LightgbmUnavailable",
  "LockedError",
  "MissingObjectError",
  "OptunaUnavailable",
  "ProposalError",
  "RangeError",
  "RecordError",
  "RepositoryError",
  "TooFewCasesError",
  "AlreadyExists",
  "NotADirectory",
  "NotCapable",
  "NotFound",
  "PermissionDenied",
]);

/** Whether an error's message is written for the user. */
export function isUserError(error: unknown): error is Error {
  return error instanceof RangeError || error instanceof Error && USER_ERRORS.has(error.name) ||
    isDiskFull(error);
}

/** Whether the disk is full, whoever found out. */
export function isDiskFull(error: unknown): error is Error {
  return error instanceof Error && /no space left|ENOSPC|os error 28/i.test(error.message);
}

/** What to say of a folder that was opened as a file: some option named it. Undefined for any other error. */
export function folderFault(error: unknown): string | undefined {
  if (!(error instanceof Deno.errors.IsADirectory)) return undefined;
  const path = /'([^']*)'$/.exec(error.message)?.[1];
  return path === undefined
    ? `a folder is named where a file is wanted (${error.message})`
    : `${path} is a folder: a file is wanted`;
}
