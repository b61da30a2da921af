/** Nested things as a tree, ranking formulas first of all. Anything with a label and children will do. */
import { escapeHtml } from "./escape.ts";
import { View } from "./view.ts";

/** One node. `note` stands pale after the label: a value, a share, a reason. */
export interface TreeNode {
  readonly label: string;
  readonly note?: string;
  readonly children?: readonly TreeNode[];
}

/** Whether a value is a {@link TreeNode} with children. */
export function isTree(value: unknown): value is TreeNode {
  const node = value as Partial<TreeNode> | null;
  return typeof node === "object" && node !== null && typeof node.label === "string" &&
    Array.isArray(node.children);
}

/** Renders a tree, the root first, children in their order. @throws {RangeError} for a tree deeper than 200: a cycle */
export function treeView(root: TreeNode, options: { title?: string } = {}): View {
  const lines = draw(root, "", "", 0);
  const text = lines.map((line) => line.rails + line.label + (line.note ? `  ${line.note}` : "")).join("\n");
  const title = options.title ? `${options.title}\n` : "";
  return new View({
    html: (options.title ? `<div style="font-weight:600">${escapeHtml(options.title)}</div>` : "") +
      `<pre style="font:13px/1.35 ui-monospace,Menlo,Consolas,monospace;overflow-x:auto;margin:.3em 0">${
        lines.map((line) =>
          `<span style="opacity:.6">${line.rails}</span><b>${escapeHtml(line.label)}</b>${
            line.note ? `  <span style="opacity:.8">${escapeHtml(line.note)}</span>` : ""
          }`
        ).join("\n")
      }</pre>`,
    text: title + text,
  });
}

interface TreeLine {
  rails: string;
  label: string;
  note: string | undefined;
}

function draw(node: TreeNode, first: string, rest: string, depth: number): TreeLine[] {
  if (depth > 200) {
    throw new RangeError(`Cannot draw the tree: it is deeper than 200 nodes at "${node.label}"`);
  }
  const children = node.children ?? [];
  return [
    { rails: first, label: node.label, note: node.note },
    ...children.flatMap((child, i) => {
      const last = i === children.length - 1;
      return draw(child, rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "), depth + 1);
    }),
  ];
}

/**
 * The tree of a nested document whose nodes name themselves by `op`: operands that are such nodes, or lists of them, become
 * children; other members stand in the note.
 */
export function treeOfDocument(document: unknown): TreeNode {
  if (typeof document !== "object" || document === null) return { label: String(document) };
  if (Array.isArray(document)) return { label: "list", children: document.map(treeOfDocument) };
  const { op, ...members } = document as Record<string, unknown>;
  const children: TreeNode[] = [], notes: string[] = [];
  for (const [name, value] of Object.entries(members)) {
    const items = Array.isArray(value) ? value : [value];
    if (items.some((item) => typeof item === "object" && item !== null)) {
      children.push(...items.map((item) => {
        const child = treeOfDocument(item);
        return items.length === 1 && !Array.isArray(value)
          ? { ...child, label: `${name}: ${child.label}` }
          : child;
      }));
    } else {
      notes.push(`${name} ${JSON.stringify(value)}`);
    }
  }
  return {
    label: typeof op === "string" ? op : "object",
    ...(notes.length ? { note: notes.join(", ") } : {}),
    ...(children.length ? { children } : {}),
  };
}
