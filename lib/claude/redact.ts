/** Removing what looks like a secret or an e-mail address before text leaves the machine or reaches the disk. */

/** Patterns of secrets. Each replaces only the secret itself, never quotes, so that JSON stays JSON. */
const SECRETS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[redacted key]"],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, "[redacted]"],
  [/\b(?:gh[opsur]|glpat|github_pat|npm|pypi|hf|dop_v1)[_-][A-Za-z0-9_-]{16,}/g, "[redacted]"],
  [/\bxox[abeprs]-[A-Za-z0-9-]{10,}/g, "[redacted]"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, "[redacted]"],
  [/\bAIza[0-9A-Za-z_-]{30,}/g, "[redacted]"],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, "[redacted]"],
  [/\b([Bb]earer\s+)[A-Za-z0-9._~+/-]{16,}=*/g, "$1[redacted]"],
  [/(?<=:\/\/)[^\s\/@:"']{1,200}:[^\s\/@"']{1,200}(?=@)/g, "[redacted]"],
  [
    /\b((?:api[_-]?key|secret|passwd|password|access[_-]?token|auth[_-]?token)["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"',;\\]{8,}/gi,
    "$1[redacted]",
  ],
];

const EMAIL = /\b[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b/g;

/** The text with secret-looking parts replaced by "[redacted]". Commit hashes and ordinary words stay. */
export function redactSecrets(text: string): string {
  return SECRETS.reduce((out, [pattern, by]) => out.replace(pattern, by), text);
}

/** The text with e-mail addresses replaced by "[email]". */
export function redactEmails(text: string): string {
  return text.replace(EMAIL, "[email]");
}
