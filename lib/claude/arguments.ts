/** The arguments of a locked-down, non-interactive call. */

/** One option with its value, and whether a call may go without it. */
export interface Option {
  readonly name: string;
  readonly value?: string;
  /** An old version that does not know it is asked again without it. What keeps the call safe is never optional. */
  readonly optional: boolean;
  /** Sent only to a version whose help lists it */
  readonly onlyIfListed?: boolean;
}

/** What a caller chooses about a call to `claude`. */
export interface ClaudeChoice {
  readonly system: string;
  readonly model?: string | undefined;
  readonly effort?: string | undefined;
  /** Price limit of the one call in US dollars, a brake inside the tool */
  readonly maxUsdPerCall?: number | undefined;
  /** JSON Schema text for native structured output; absent by default, because long replies break it */
  readonly schema?: string | undefined;
}

/**
 * Options of one call to `claude`: no tools, no servers, no commands, nobody to grant permission, nothing kept. The prompt
 * is not among them; it goes to standard input, where neither `ps` nor a length limit reaches it.
 */
export function claudeOptions(choice: ClaudeChoice): Option[] {
  const must = (name: string, value?: string): Option =>
    value === undefined ? { name, optional: false } : { name, value, optional: false };
  const may = (name: string, value?: string): Option => ({ ...must(name, value), optional: true });
  return [
    must("--print"),
    must("--output-format", "stream-json"),
    must("--verbose"),
    must("--tools", ""),
    must("--strict-mcp-config"),
    may("--disable-slash-commands"),
    // Not "no settings at all": the person's proxy and login may stand in the user settings.
    may("--setting-sources", "user"),
    may("--permission-mode", "dontAsk"),
    may("--no-session-persistence"),
    // Not --bare, which never reads the login.
    { ...may("--safe-mode"), onlyIfListed: true },
    must("--system-prompt", choice.system),
    ...(choice.model === undefined ? [] : [must("--model", choice.model)]),
    ...(choice.effort === undefined ? [] : [must("--effort", choice.effort)]),
    ...(choice.maxUsdPerCall === undefined ? [] : [must("--max-budget-usd", String(choice.maxUsdPerCall))]),
    ...(choice.schema === undefined ? [] : [may("--json-schema", choice.schema)]),
  ];
}

/** Options as an argument list, without those a version is known not to have. */
export function toArguments(
  options: readonly Option[],
  known: { readonly listed: ReadonlySet<string>; readonly refused: ReadonlySet<string> },
): string[] {
  return options
    .filter((option) => !(option.optional && known.refused.has(option.name)))
    .filter((option) => !option.onlyIfListed || known.listed.has(option.name))
    .flatMap((option) => option.value === undefined ? [option.name] : [option.name, option.value]);
}

/** What a caller chooses about a call to `codex exec`. */
export interface CodexChoice {
  readonly model?: string | undefined;
  readonly effort?: string | undefined;
  /** Files outside the working folder: the reply schema, and where the last message is written */
  readonly schemaFile?: string | undefined;
  readonly lastMessageFile: string;
}

/** Arguments of `codex exec`: read-only sandbox, no approvals, no search, nothing of the user's configuration, prompt on standard input. */
export function codexArguments(choice: CodexChoice): string[] {
  return [
    "exec",
    "--json",
    "--ephemeral",
    "--ignore-user-config",
    "--ignore-rules",
    "--skip-git-repo-check",
    "--sandbox",
    "read-only",
    "--color",
    "never",
    "-c",
    'approval_policy="never"',
    "-c",
    'web_search="disabled"',
    ...(choice.effort === undefined ? [] : ["-c", `model_reasoning_effort=${JSON.stringify(choice.effort)}`]),
    ...(choice.model === undefined ? [] : ["--model", choice.model]),
    ...(choice.schemaFile === undefined ? [] : ["--output-schema", choice.schemaFile]),
    "-o",
    choice.lastMessageFile,
    "-",
  ];
}
