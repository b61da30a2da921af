/** TypeScript, JSON and shell with their words marked for the page's style sheet. */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import typescript from "highlight.js/lib/languages/typescript";
import { escapeHtml } from "../report/escape.ts";

hljs.registerLanguage("typescript", typescript);
hljs.registerLanguage("json", json);
hljs.registerLanguage("bash", bash);

const NAMES: Readonly<Record<string, string>> = {
  ts: "typescript",
  typescript: "typescript",
  js: "typescript",
  javascript: "typescript",
  json: "json",
  jsonc: "json",
  sh: "bash",
  bash: "bash",
};

/** HTML of code in a language; one that is not known is escaped only. */
export function highlightCode(code: string, language: string): string {
  const known = NAMES[language.toLowerCase()];
  return known ? hljs.highlight(code, { language: known }).value : escapeHtml(code);
}
