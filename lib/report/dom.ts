/** A document for Observable Plot on the server: linkedom, plus the little of a canvas that ramps and rasters draw on. */
import { color as parseColor } from "d3-color";
import { parseHTML } from "linkedom";
import { pngDataUrl } from "./png.ts";

/** What Plot touches of a 2D canvas: fillRect with a solid colour, whole-image putImageData, toDataURL. */
class Canvas {
  width = 1;
  height = 1;
  fillStyle = "#000";
  #pixels: Uint8ClampedArray | undefined;

  getContext(): this {
    return this;
  }

  createImageData(width: number, height: number) {
    return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  }

  putImageData(image: { data: Uint8ClampedArray }): void {
    this.#canvas().set(image.data);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const fill = parseColor(this.fillStyle)?.rgb();
    if (!fill) return;
    const pixels = this.#canvas();
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) {
        pixels.set([fill.r, fill.g, fill.b, fill.opacity * 255], (row * this.width + column) * 4);
      }
    }
  }

  toDataURL(): string {
    return pngDataUrl(this.width, this.height, this.#canvas());
  }

  /** Made at first use: Plot sets the size before it draws. */
  #canvas(): Uint8ClampedArray {
    return this.#pixels ??= new Uint8ClampedArray(this.width * this.height * 4);
  }
}

/** An empty document in which `createElement("canvas")` gives a canvas that can be drawn on. */
export function createDocument(): Document {
  const { document } = parseHTML("<!doctype html><html><head></head><body></body></html>");
  const create = document.createElement.bind(document);
  document.createElement =
    ((name: string, ...rest: unknown[]) =>
      name === "canvas" ? new Canvas() : (create as (...args: unknown[]) => unknown)(name, ...rest)) as never;
  return document as unknown as Document;
}
