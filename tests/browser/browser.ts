/** A headless Chromium for tests, or the reason why there is none. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { resultsDir } from "../../lib/base/paths.ts";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser's path: CHROMIUM, or where Linux distributions put it. */
export const CHROMIUM: string | undefined = [Deno.env.get("CHROMIUM"), ...CANDIDATES]
  .find((path) => path !== undefined && existsSync(path));

if (CHROMIUM === undefined) {
  console.error("browser tests are skipped: no Chromium. Install it, or set CHROMIUM to its path");
}

/** Runs `work` with a browser that is closed afterwards. */
export async function withBrowser(work: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

/** Saves what a page looks like into `results/screens`, for a person to look at. */
export async function screenshot(page: Page, name: string, fullPage = true): Promise<void> {
  const folder = join(resultsDir(), "screens");
  await Deno.mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}

/** Share of pixels that each picture (an img, or an svg in a figure) has ink on, in order. */
export function inkOfImages(page: Page, selector: string): Promise<number[]> {
  return page.evaluate(async (css) => {
    const shares: number[] = [];
    for (const element of document.querySelectorAll(css)) {
      const image = new Image();
      image.src = element instanceof HTMLImageElement
        ? element.src
        : `data:image/svg+xml;charset=utf-8,${
          encodeURIComponent(new XMLSerializer().serializeToString(element))
        }`;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let inked = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i]! > 32) inked++;
      shares.push(inked / (data.length / 4));
    }
    return shares;
  }, selector);
}
