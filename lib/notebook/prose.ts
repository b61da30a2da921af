/** Markdown cells as HTML: GitHub's Markdown, TeX as MathML, headings with ids, pictures brought along. */
import { Marked, type Tokens } from "marked";
import katex from "katex";
import { escapeHtml } from "../report/escape.ts";
import { type Heading, HeadingIds } from "../report/page.ts";
import { highlightCode } from "./highlight.ts";

/** Returns the data URL of a picture a Markdown cell names, or undefined when it cannot be had. */
export type PictureSource = (href: string) => string | undefined;

/** Renders the Markdown cells of one page. Headings are gathered in `headings`, in order; level 1 is left out of the text. */
export class Prose {
  readonly headings: Heading[] = [];
  readonly #ids = new HeadingIds();
  readonly #marked: Marked;

  constructor(picture: PictureSource) {
    this.#marked = new Marked({
      gfm: true,
      extensions: [mathExtension("displayMath", "block"), mathExtension("inlineMath", "inline")],
      renderer: {
        heading: ({ tokens, depth, text }) => {
          if (depth === 1) return "";
          const html = this.#marked.Parser.parseInline(tokens, this.#marked.defaults);
          const title = plain(text), id = this.#ids.next(title);
          if (depth <= 3) this.headings.push({ id, title, level: depth === 2 ? 2 : 3 });
          return `<h${depth} id="${escapeHtml(id)}">${html}</h${depth}>\n`;
        },
        code: ({ text, lang }) =>
          `<pre class="source"><code>${highlightCode(text, lang ?? "")}</code></pre>\n`,
        image: ({ href, text }) => {
          const source = href.startsWith("data:image/") ? href : picture(href);
          return source
            ? `<img src="${escapeHtml(source)}" alt="${escapeHtml(text)}">`
            : `<em>[picture ${escapeHtml(text || href)}: not in this file]</em>`;
        },
      },
    });
  }

  /** The HTML of one Markdown text. */
  render(markdown: string): string {
    return this.#marked.parse(markdown, { async: false });
  }
}

const plain = (markdown: string) => markdown.replace(/<[^>]*>/g, "").replace(/[`*_$\\]/g, "").trim();

/** TeX between dollar signs: `$$…$$` as a block, `$…$` without spaces inside the signs in a line. Errors stand in red. */
function mathExtension(name: string, level: "block" | "inline") {
  const display = level === "block";
  const pattern = display ? /^\$\$([\s\S]+?)\$\$/ : /^\$([^\s$](?:[^$\n]*[^\s$])?)\$(?!\d)/;
  return {
    name,
    level,
    start: (text: string) => {
      const at = text.indexOf(display ? "$$" : "$");
      return at < 0 ? undefined : at;
    },
    tokenizer: (text: string) => {
      const match = pattern.exec(text);
      return match ? { type: name, raw: match[0], tex: match[1]! } : undefined;
    },
    renderer: (token: Tokens.Generic) =>
      katex.renderToString(String(token.tex), {
        displayMode: display,
        output: "mathml",
        throwOnError: false,
      }),
  };
}
