/** The style sheet of our pages: light and dark by the reader's setting, phone to desktop, paper. */

/** Colours by name; the second column is for dark. `--figure-ink` is what inline figures are drawn with. */
const COLORS: readonly (readonly [name: string, light: string, dark: string])[] = [
  ["ground", "#ffffff", "#0d1117"],
  ["ink", "#1f2328", "#e6edf3"],
  ["figure-ink", "#3d444d", "#c9d1d9"],
  ["pale", "#59636e", "#9198a1"],
  ["rule", "#d1d9e0", "#3d444d"],
  ["panel", "#f6f8fa", "#151b23"],
  ["link", "#0969da", "#4493f8"],
  ["warn", "#fff4e5", "#2d2210"],
  ["bad", "#fdecea", "#2d1416"],
  ["code-word", "#cf222e", "#ff7b72"],
  ["code-text", "#0a3069", "#a5d6ff"],
  ["code-number", "#0550ae", "#79c0ff"],
  ["code-name", "#8250df", "#d2a8ff"],
];

const variables = (column: 1 | 2) => COLORS.map((row) => `--${row[0]}:${row[column]}`).join(";");

/** The whole sheet. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;${variables(1)}}
@media (prefers-color-scheme:dark){:root{${variables(2)}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",sans-serif}
.page{max-width:76rem;margin:0 auto;padding:1.5rem 1rem 3rem;display:grid;grid-template-columns:minmax(0,1fr);gap:0 3rem}
main,header,footer{min-width:0}
h1{font-size:1.9rem;line-height:1.2;margin:.2em 0 .4em}
h2{font-size:1.35rem;line-height:1.3;margin:2.2em 0 .6em;padding-bottom:.25em;border-bottom:1px solid var(--rule)}
h3{font-size:1.1rem;margin:1.6em 0 .4em}
h1,h2,h3{text-wrap:balance;scroll-margin-top:1rem}
p,li{max-width:46rem}
a{color:var(--link)}
.lead{font-size:1.15rem;line-height:1.5;max-width:56rem;margin:0 0 1rem;padding:.1rem 0 .1rem .9rem;border-left:4px solid #0072b2}
nav.contents{font-size:.9rem;border:1px solid var(--rule);border-radius:6px;padding:.6rem 1rem;margin:1rem 0}
nav.contents summary{font-weight:600;cursor:pointer}
nav.contents ol{list-style:none;margin:.4rem 0 0;padding:0}
nav.contents li{margin:.25rem 0;line-height:1.35}
nav.contents li.deep{padding-left:1rem}
nav.contents a{text-decoration:none}
nav.contents a:hover{text-decoration:underline}
pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-x:auto;margin:.5rem 0;padding:.6rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em}
:not(pre)>code{background:var(--panel);padding:.1em .3em;border-radius:4px}
pre code{font-size:inherit}
details.code{margin:.8rem 0}
details.code>summary{cursor:pointer;color:var(--pale);font-size:.8rem}
pre.source{background:var(--panel);border:1px solid var(--rule);border-radius:6px;white-space:pre}
pre.stream{padding:.3rem .8rem;border-left:3px solid var(--rule);max-height:24rem;overflow:auto}
pre.stderr{background:var(--warn)}
pre.error{background:var(--bad);border-left:3px solid #d55e00}
.output{margin:.6rem 0;overflow-x:auto}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.prose table{display:block;overflow-x:auto;margin:1rem 0}
.prose th,.prose td{border:1px solid var(--rule);padding:.25em .7em}
blockquote{margin:1rem 0;padding:0 1rem;border-left:3px solid var(--rule);color:var(--pale)}
figure{margin:1rem 0;overflow-x:auto}
img,svg{max-width:100%}
math{font-family:"STIX Two Math","Latin Modern Math","Cambria Math",math,serif}
math[display=block]{overflow-x:auto;overflow-y:hidden;margin:1rem 0;padding:.1rem 0}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--rule);color:var(--pale);font-size:.8rem}
footer dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1rem;margin:.5rem 0}
footer dd{margin:0;overflow-wrap:anywhere}
.hljs-keyword,.hljs-built_in{color:var(--code-word)}.hljs-string,.hljs-regexp{color:var(--code-text)}
.hljs-comment{color:var(--pale)}.hljs-number,.hljs-literal{color:var(--code-number)}.hljs-title{color:var(--code-name)}
@media (min-width:64rem){
.page.with-contents{grid-template-columns:15rem minmax(0,1fr)}
.page>header,.page>footer{grid-column:1/-1}
nav.contents{position:sticky;top:1rem;align-self:start;max-height:calc(100vh - 2rem);overflow:auto;margin-top:2rem}
}
@media screen and (max-width:40rem){body{font-size:15px}h1{font-size:1.5rem}footer dl{grid-template-columns:1fr}footer dt{font-weight:600}}
@media print{
:root{color-scheme:light;${variables(1)}}
body{font-size:10.5pt}.page{display:block;max-width:none;padding:0}
nav.contents{display:none}a{color:inherit;text-decoration:none}
h2,h3,caption,thead{break-after:avoid}figure,tr{break-inside:avoid}thead{display:table-header-group}
.wide,.output,figure{overflow:visible}table{font-size:8.5pt!important}td{white-space:normal!important;overflow-wrap:anywhere}
details.code:not([open]){display:none}pre.stream{max-height:none}
}
`.trim();
