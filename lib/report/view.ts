/** A thing to look at: one content as HTML, as plain text and as Markdown. Tables, figures and diffs are all views. */
import { escapeHtml, fence } from "./escape.ts";

/** The symbol by which the Deno kernel asks a value how to display itself. */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** A MIME bundle: what a front end chooses from. */
export type MimeBundle = Record<string, unknown>;

/** The forms of a {@link View}. */
export interface ViewParts {
  /** A fragment of HTML with inline styles only, everything untrusted escaped. */
  readonly html: string;
  /** Plain text of the same content. */
  readonly text: string;
  /** Markdown for a pull request. Default: the text in a code block. */
  readonly markdown?: string;
  /** Further MIME types for front ends that have a renderer. */
  readonly data?: MimeBundle;
  /** HTML for a page of our own, whose style sheet and inks it may use. Default: `html`. */
  readonly pageHtml?: string;
}

/** A rendered value. As the last value of a notebook cell it displays itself; `String(view)` is its text. */
export class View {
  readonly html: string;
  readonly text: string;
  readonly markdown: string;
  readonly pageHtml: string;
  readonly data: MimeBundle;

  constructor(parts: ViewParts) {
    this.html = parts.html;
    this.text = parts.text;
    this.markdown = parts.markdown ?? fence(parts.text);
    this.pageHtml = parts.pageHtml ?? parts.html;
    this.data = parts.data ?? {};
  }

  /** What a front end gets. All of them prefer the HTML; the Markdown is there for exports. */
  bundle(): MimeBundle {
    return {
      ...this.data,
      "text/html": this.html,
      "text/markdown": this.markdown,
      "text/plain": this.text,
    };
  }

  [JUPYTER_DISPLAY](): MimeBundle {
    return this.bundle();
  }

  toString(): string {
    return this.text;
  }
}

/** Preformatted text. */
export function textView(text: string): View {
  return new View({
    html: `<pre style="white-space:pre-wrap;overflow-wrap:anywhere;margin:.3em 0">${escapeHtml(text)}</pre>`,
    text,
  });
}

/** Several views one under the other. */
export function stackViews(views: readonly View[]): View {
  const join = (part: (view: View) => string, between: string) => views.map(part).join(between);
  return new View({
    html: join((v) => v.html, "\n"),
    pageHtml: join((v) => v.pageHtml, "\n"),
    text: join((v) => v.text, "\n\n"),
    markdown: join((v) => v.markdown, "\n"),
  });
}
