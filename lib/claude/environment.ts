/** Which environment variables a model's command line may see. Everything else stays behind. */

/** Who pays: the person's login (the default), or whatever key the environment names, on explicit request only. */
export type Auth = "login" | "env";

/** A process environment. */
export type Environment = Readonly<Record<string, string>>;

/** What a program needs to run and to find its own login. */
const PASSED =
  /^(?:HOME|USER|LOGNAME|PATH|SHELL|TERM|LANG|LC_[A-Z]+|TZ|TMPDIR|TEMP|TMP|XDG_[A-Z_]+|(?:HTTPS?|NO|ALL)_PROXY|(?:https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|SystemRoot|ComSpec|PATHEXT|DISABLE_TELEMETRY|DISABLE_ERROR_REPORTING)$/;

/** Its own configuration, by program. */
const OWN: Readonly<Record<"claude" | "codex", RegExp>> = {
  claude: /^(?:CLAUDE_CONFIG_DIR|CLAUDE_CODE_OAUTH_TOKEN|CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC)$/,
  codex: /^CODEX_HOME$/,
};

/** Variables that bill a key, choose another provider or another endpoint: only with `auth: "env"`. */
const PAYING: Readonly<Record<"claude" | "codex", RegExp>> = {
  claude:
    /^(?:ANTHROPIC_(?:API_KEY|AUTH_TOKEN|BASE_URL|MODEL|CUSTOM_HEADERS|PROFILE)|CLAUDE_CODE_USE_(?:BEDROCK|VERTEX|FOUNDRY)|AWS_[A-Z_]+|GOOGLE_[A-Z_]+|CLOUD_ML_REGION)$/,
  codex: /^(?:OPENAI_(?:API_KEY|BASE_URL)|CODEX_API_KEY)$/,
};

/**
 * Set for every call: text stays text (no attachments, no project memory), nothing runs in the background, nothing is kept,
 * and the tool's own retries end before the deadline does. Old versions ignore what they do not know.
 */
const SET: Readonly<Record<"claude" | "codex", Environment>> = {
  claude: {
    CLAUDE_CODE_DISABLE_ATTACHMENTS: "1",
    CLAUDE_CODE_DISABLE_CLAUDE_MDS: "1",
    CLAUDE_CODE_DISABLE_AUTO_MEMORY: "1",
    CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS: "1",
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
    CLAUDE_CODE_DISABLE_TERMINAL_TITLE: "1",
    CLAUDE_CODE_SKIP_PROMPT_HISTORY: "1",
    CLAUDE_CODE_MAX_RETRIES: "4",
    MAX_STRUCTURED_OUTPUT_RETRIES: "2",
    ENABLE_CLAUDEAI_MCP_SERVERS: "false",
    DISABLE_AUTOUPDATER: "1",
  },
  codex: {},
};

/**
 * The environment of a child: names on the list, the program's own configuration, and the fixed settings.
 *
 * An API key in `from` does not pass unless `auth` is "env", and neither does anything that marks a nested session.
 */
export function childEnvironment(program: "claude" | "codex", from: Environment, auth: Auth): Environment {
  const passes = (name: string) =>
    PASSED.test(name) || OWN[program].test(name) || (auth === "env" && PAYING[program].test(name));
  return { ...Object.fromEntries(Object.entries(from).filter(([name]) => passes(name))), ...SET[program] };
}
