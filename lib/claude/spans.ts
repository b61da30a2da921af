/** Balanced `{...}` spans of a text, found in one pass however hostile the text. */

/** One outermost closed object. `end` is the index after its closing brace. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** Deepest nesting of braces and brackets, 1 for a flat object */
  readonly depth: number;
  /** A bracket inside was closed by the wrong character, or never */
  readonly broken: boolean;
  /** Three dots stand outside a string: something was left out */
  readonly ellipsis: boolean;
}

interface Open {
  readonly at: number;
  readonly brace: boolean;
  depth: number;
  broken: boolean;
  ellipsis: boolean;
}

/**
 * The outermost closed objects in order, and where the braces stand that are never closed.
 *
 * Braces inside double-quoted strings do not count; quotes outside objects are prose. Inside a brace that is never closed,
 * closed objects are still found: the caller decides whether that brace was prose or a broken-off answer. Linear in the
 * length of the text.
 */
export function balancedSpans(text: string): { spans: Span[]; unclosed: number[] } {
  const spans: Span[] = [];
  const stack: Open[] = [];
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === BACKSLASH) i++;
      else if (c === QUOTE) inString = false;
      continue;
    }
    const top = stack.at(-1);
    if (c === OPEN_BRACE || (c === OPEN_BRACKET && top !== undefined)) {
      stack.push({ at: i, brace: c === OPEN_BRACE, depth: 1, broken: false, ellipsis: false });
    } else if (top === undefined) continue;
    else if (c === QUOTE) inString = true;
    else if (c === DOT && text.startsWith("...", i)) top.ellipsis = true;
    else if (c === CLOSE_BRACKET) {
      if (top.brace) top.broken = true;
      else fold(stack);
    } else if (c === CLOSE_BRACE) {
      close(stack, spans, i + 1);
    }
  }
  return { spans, unclosed: stack.filter((open) => open.brace).map((open) => open.at) };
}

/** Takes the top of the stack off and passes what was learned about it to the one below. */
function fold(stack: Open[]): Open {
  const closed = stack.pop()!;
  const below = stack.at(-1);
  if (below !== undefined) {
    below.depth = Math.max(below.depth, closed.depth + 1);
    below.broken ||= closed.broken;
    below.ellipsis ||= closed.ellipsis;
  }
  return closed;
}

/** Closes the innermost open brace; brackets left open inside it make it broken. */
function close(stack: Open[], spans: Span[], end: number): void {
  while (!stack.at(-1)!.brace) {
    stack.at(-1)!.broken = true;
    fold(stack);
  }
  const open = fold(stack);
  while (spans.length > 0 && spans.at(-1)!.start > open.at) spans.pop();
  spans.push({
    start: open.at,
    end,
    depth: open.depth,
    broken: open.broken,
    ellipsis: open.ellipsis,
  });
}

const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const [QUOTE, BACKSLASH, DOT] = [0x22, 0x5c, 0x2e];
