/** What is worth keeping but may be worked out again: the least recently used goes once a budget of bytes is spent. */

interface Kept<T> {
  readonly value: T;
  readonly bytes: number;
  forget(): void;
}

/** Values by owner and key, of bounded size together. What it gives is the same whether it was kept or made anew. */
export class Shelf<T> {
  readonly #homes = new WeakMap<object, Map<string, Kept<T>>>();
  /** least recently used first */
  readonly #order = new Set<Kept<T>>();
  #bytes = 0;

  /**
   * @param most bytes kept; a single value that is larger is kept until the next one is made
   * @param size bytes of a value
   */
  constructor(readonly most: number, private readonly size: (value: T) => number) {}

  /** bytes kept now */
  get bytes(): number {
    return this.#bytes;
  }

  /** The value made for `owner` under `key`. `key` must name everything the value depends on besides the owner. */
  get(owner: object, key: string, make: () => T): T {
    let home = this.#homes.get(owner);
    if (home === undefined) this.#homes.set(owner, home = new Map());
    const known = home.get(key);
    if (known !== undefined) {
      this.#order.delete(known);
      this.#order.add(known);
      return known.value;
    }
    const value = make(), own = home;
    const kept: Kept<T> = { value, bytes: this.size(value), forget: () => own.delete(key) };
    home.set(key, kept);
    this.#order.add(kept);
    this.#bytes += kept.bytes;
    for (const oldest of this.#order) {
      if (this.#bytes <= this.most || oldest === kept) break;
      this.#order.delete(oldest);
      oldest.forget();
      this.#bytes -= oldest.bytes;
    }
    return value;
  }
}
