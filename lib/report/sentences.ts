/** Sentences that a notebook computes: the answer to its question, and what must be said beside numbers. */
import { escapeHtml, escapeMarkdown } from "./escape.ts";
import { View } from "./view.ts";

/** The answer to a notebook's question, as plain text. */
export function answer(text: string): View {
  return said("Answer", text, "border-left:4px solid #0072b2;padding:.3em .8em;margin:.4em 0;font-size:15px");
}

/** Something to bear in mind, as plain text. */
export function note(text: string): View {
  return said("Note", text, "border-left:4px solid #9aa0a8;padding:.2em .8em;margin:.4em 0;font-size:13px");
}

function said(label: string, text: string, style: string): View {
  return new View({
    html: `<div style="${style}"><b>${label}.</b> ${escapeHtml(text)}</div>`,
    text: `${label}. ${text}`,
    markdown: `**${label}.** ${escapeMarkdown(text)}\n`,
  });
}

/** "+0.012" or "−0.012": a difference with its sign, `digits` decimals. 0 has a plus. */
export function signed(value: number, digits = 3): string {
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "−" : "+") + text;
}

/** "+0.012 [−0.003, +0.027]": a difference with its interval. */
export function signedInterval(
  { estimate, low, high }: { readonly estimate: number; readonly low: number; readonly high: number },
  digits = 3,
): string {
  return `${signed(estimate, digits)} [${signed(low, digits)}, ${signed(high, digits)}]`;
}
