/** What one factor of a formula is at one point, for every file of every case: most are 1 in most places, and 1 takes no room. */

/**
 * Values of one factor, case by case.
 *
 * A case keeps all its values, or those that are not 1 where they are few; equal neighbours share theirs.
 */
export class FactorValues {
  /** where a case's values start, and how many they are */
  readonly #from: Uint32Array;
  readonly #count: Uint32Array;
  /** where the files of a case's values start in `files`; ALL: they are all files in order */
  readonly #listed: Uint32Array;
  readonly #values: Float64Array;
  readonly #files: Uint32Array;
  /** whether it is 1 everywhere, so that it changes no score */
  readonly uniform: boolean;

  /**
   * @param visit calls back once a case, in order, with the values of all its files; the array may be reused
   * @param spent values of the same cases that nobody reads any more: their room is taken where it fits
   */
  constructor(cases: number, visit: (take: (values: Float64Array) => void) => void, spent?: FactorValues) {
    this.#from = spent ? spent.#from : new Uint32Array(cases);
    this.#count = spent ? spent.#count : new Uint32Array(cases);
    this.#listed = spent ? spent.#listed : new Uint32Array(cases);
    let c = 0, values = 0, files = 0;
    visit((own) => {
      const others = othersThanOne(own), listed = others < own.length / LISTED_BELOW;
      const repeats = c > 0 && !listed && this.#listed[c - 1] === ALL && this.#count[c - 1] === own.length &&
        repeatsAt(this.#from[c - 1]!, own);
      this.#from[c] = repeats ? this.#from[c - 1]! : values;
      this.#count[c] = listed ? others : own.length;
      this.#listed[c] = listed ? files : ALL;
      c++;
      if (repeats) return;
      makeRoom(values + own.length);
      if (!listed) {
        made.set(own, values);
        values += own.length;
        return;
      }
      for (let file = 0; file < own.length; file++) {
        if (own[file] === 1) continue;
        made[values++] = own[file]!;
        madeFiles[files++] = file;
      }
    });
    this.#values = copyOf(made.subarray(0, values), spent && spent.#values);
    this.#files = copyOf(madeFiles.subarray(0, files), spent && spent.#files);
    this.uniform = this.#values.length === 0;
  }

  /** Multiplies the values of a case into `out`, one entry a file. */
  multiply(c: number, out: Float64Array): void {
    const from = this.#from[c]!, n = this.#count[c]!, listed = this.#listed[c]!, values = this.#values;
    if (listed === ALL) { for (let i = 0; i < n; i++) out[i]! *= values[from + i]!; }
    else {
      const files = this.#files;
      for (let i = 0; i < n; i++) out[files[listed + i]!]! *= values[from + i]!;
    }
  }

  /** Value of one file of a case. */
  at(c: number, file: number): number {
    const from = this.#from[c]!, listed = this.#listed[c]!;
    if (listed === ALL) return this.#values[from + file]!;
    const i = this.#files.subarray(listed, listed + this.#count[c]!).indexOf(file);
    return i < 0 ? 1 : this.#values[from + i]!;
  }
}

const ALL = 0xffffffff;
/** A listed value takes 12 bytes and any other 8, but lists are slower to go through: they are for a third of the files at the most. */
const LISTED_BELOW = 3;

function copyOf<T extends Float64Array | Uint32Array>(numbers: T, room: T | undefined): T {
  if (room === undefined || room.length !== numbers.length) return numbers.slice() as T;
  room.set(numbers);
  return room;
}

function othersThanOne(values: Float64Array): number {
  let n = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 1) n++;
  return n;
}

/** Reused: values are made by the thousand, one after the other. */
let made = new Float64Array(1024), madeFiles = new Uint32Array(1024);

function makeRoom(length: number): void {
  if (length <= made.length) return;
  const values = new Float64Array(2 * length), files = new Uint32Array(2 * length);
  values.set(made);
  files.set(madeFiles);
  [made, madeFiles] = [values, files];
}

function repeatsAt(from: number, own: Float64Array): boolean {
  for (let i = 0; i < own.length; i++) if (made[from + i] !== own[i]) return false;
  return true;
}
