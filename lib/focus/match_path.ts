/** Whether a path, or part of one, is what was written. Paths are relative to the repository and use `/`. */

/**
 * Whether a glob covers a path: `*` and `?` stay inside one segment, `**` stands for any number of segments.
 *
 * A glob without `/` is held against each segment; one with `/` starts at the root and covers the whole path or a folder
 * above it. Work is bounded by the product of the lengths.
 */
export function matchGlob(glob: string, path: string): boolean {
  const segments = path.split("/");
  if (!glob.includes("/")) {
    return glob === "**" || segments.some((segment) => matchSegment(glob, segment));
  }
  let reached = new Set([0]);
  for (const part of glob.replace(/^\//, "").replace(/\/$/, "").split("/")) {
    const next = new Set<number>();
    for (const at of reached) {
      if (part === "**") { for (let to = at; to <= segments.length; to++) next.add(to); }
      else if (at < segments.length && matchSegment(part, segments[at]!)) next.add(at + 1);
    }
    if (next.size === 0) return false;
    reached = next;
  }
  return true;
}

/** Two fingers and the last star: when the rest does not fit, that star takes one character more. */
function matchSegment(glob: string, text: string): boolean {
  let g = 0, t = 0, star = -1, taken = 0;
  while (t < text.length) {
    if (glob[g] === "*") [star, taken] = [g++, t];
    else if (glob[g] === "?" || g < glob.length && glob[g] === text[t]) [g, t] = [g + 1, t + 1];
    else if (star >= 0) [g, t] = [star + 1, ++taken];
    else return false;
  }
  while (glob[g] === "*") g++;
  return g === glob.length;
}

/**
 * How well a written path fits a file's path, in [0, 1]: 1 the same, 0.95 its last segments, 0.9 its last segments
 * without the extension, 0.6 a folder above it (its first segments, or later ones in a row), 0 anything else.
 */
export function matchPath(written: string, path: string): number {
  const wanted = written.replace(/^\.?\//, "").replace(/\/$/, "");
  if (wanted === "") return 0;
  if (wanted === path) return 1;
  if (path.endsWith(`/${wanted}`)) return 0.95;
  if (`/${stem(path)}`.endsWith(`/${wanted}`)) return 0.9;
  return `/${path}`.includes(`/${wanted}/`) ? 0.6 : 0;
}

/** The last segment of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A path without its last extension; a name that begins with its only dot keeps it. */
export function stem(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot > path.lastIndexOf("/") + 1 ? path.slice(0, dot) : path;
}
