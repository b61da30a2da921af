/**
 * Colours that people with any colour vision can tell apart, on white and on near-black.
 *
 * Source of the categories: Okabe and Ito, "Color Universal Design" (2008). Their black is left out (it vanishes on dark
 * pages) and yellow comes last (it is weak on white).
 */

/** Okabe-Ito categories in the order to use them. */
export const CATEGORIES: readonly string[] = [
  "#0072b2", // blue
  "#d55e00", // vermilion
  "#009e73", // bluish green
  "#cc79a7", // reddish purple
  "#56b4e9", // sky blue
  "#e69f00", // orange
  "#f0e442", // yellow
];

/** Ink that has a contrast above 4.3 on white and on #0d1117: for text in images that cannot know their page. */
export const NEUTRAL_INK = "#767b82";
/** Rules and grid lines on either background. */
export const NEUTRAL_RULE = "#9aa0a8";

/**
 * Stops of the sequential ramp, low to high, lightness rising: blue over grey to yellow. The hues are those of cividis (Nuñez
 * et al. 2018); its dark and light ends are left out, because they vanish on one ground or the other.
 */
export const SEQUENTIAL_STOPS: readonly string[] = ["#2b5797", "#5b7390", "#8a8a80", "#b9a35f", "#e3bc3c"];
/** Stops of the diverging ramp, negative over grey to positive: blue to vermilion. */
export const DIVERGING_STOPS: readonly string[] = ["#0072b2", "#5f9cc0", "#a3a7ad", "#d28a58", "#d55e00"];

/** Colour of the i-th category (0-based); an eighth category starts over. */
export function category(i: number): string {
  return CATEGORIES[((i % CATEGORIES.length) + CATEGORIES.length) % CATEGORIES.length]!;
}

/**
 * Colour of t in [0, 1] on a ramp of two or more stops, as "#rrggbb". Values outside are held at the ends.
 *
 * @throws {RangeError} for NaN or fewer than two stops
 */
export function rampColor(t: number, stops: readonly string[] = SEQUENTIAL_STOPS): string {
  if (Number.isNaN(t) || stops.length < 2) {
    throw new RangeError(
      `Cannot take a colour at ${t} of ${stops.length} stops: a number and two stops are wanted`,
    );
  }
  const place = Math.min(1, Math.max(0, t)) * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  const from = channels(stops[low]!), to = channels(stops[low + 1]!);
  return "#" +
    from.map((value, i) => Math.round(value + (to[i]! - value) * (place - low)).toString(16).padStart(2, "0"))
      .join("");
}

const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** WCAG contrast of two "#rrggbb" colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map((c) => c / 255).map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  ) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Black or white, whichever reads better on the colour. */
export function inkOn(background: string): string {
  return contrast(background, "#000000") >= contrast(background, "#ffffff") ? "#000000" : "#ffffff";
}
