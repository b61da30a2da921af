/**
 * The imagined project's history: sessions of three people, a module at a time, with everything a history has that teaches nothing.
 *
 * Which files change together follows a few rules and a seeded stream: a source file with its test, often its types, sometimes its
 * neighbour, now and then what everything shares. Numbers made from it show that the machinery works, not how well anything ranks.
 */
import { randomIndex, randomStream } from "../base/random.ts";
import { SAMPLE_FILES, SAMPLE_MODULES, type SampleFile, type SampleModule } from "./sample_project.ts";
import { growState, renderState, type SampleState, subjectsOf } from "./sample_text.ts";

/** One commit of the sample. */
export interface SampleCommit {
  readonly author: string;
  readonly at_s: number;
  readonly subject: string;
  /** positions of its parents; [] for the first */
  readonly parents: readonly number[];
  /** new contents by path, null for a file that is gone; against the first parent */
  readonly files: ReadonlyMap<string, string | null>;
}

/** Commits in the sample, and the committer time of the first. */
export const SAMPLE_COMMITS = 264, SAMPLE_START_S = 1_704_096_000;

const AUTHORS: readonly { readonly name: string; readonly modules: readonly string[] }[] = [
  { name: "Runa Holm <runa@ferry.example>", modules: ["timetable", "booking", "notices", "map"] },
  { name: "Ivo Brandt <ivo@ferry.example>", modules: ["routes", "tides", "weather", "store"] },
  { name: "Mei Castellan <mei@ferry.example>", modules: ["gate", "core", "booking", "tides"] },
];
const BOT = "dependabot[bot] <dependabot[bot]@ferry.example>";
const README = "README.md";
const MINUTE = 60, HOUR = 3600;

const RENAMES: ReadonlyMap<number, readonly [from: string, to: string]> = new Map([
  [95, ["web/src/map/projection.ts", "web/src/map/mercator.ts"]],
  [150, ["planner/routes/graph.py", "planner/routes/network.py"]],
  [205, ["gate/ticket/scan.go", "gate/ticket/reader.go"]],
]);
const SIDE_BRANCHES = new Set([80, 140, 200]);
const BIG = new Set([118, 222]);

/** Writes the history of the sample, the same every time. */
export function sampleHistory(): SampleCommit[] {
  return new SampleWriter().write();
}

class SampleWriter {
  readonly #random = randomStream("generated sample", "history");
  readonly #states = new Map<string, SampleState>();
  readonly #commits: SampleCommit[] = [];
  #at_s = SAMPLE_START_S;
  #session = { left: 0, author: AUTHORS[0]!.name, module: SAMPLE_MODULES[0]! };
  #readme = "# Ferry times\n\nA generated sample: an imagined project for trying ripmap-lab.\n";

  write(): SampleCommit[] {
    this.#bear(0);
    this.#commit(
      "Start the ferry timetable",
      this.#session.author,
      SAMPLE_FILES.filter((f) => f.born === 0),
      true,
    );
    while (this.#commits.length < SAMPLE_COMMITS) {
      const turn = this.#commits.length;
      this.#passTime();
      if (turn === 60) this.#startWeather();
      else if (RENAMES.has(turn)) this.#rename(...RENAMES.get(turn)!);
      else if (SIDE_BRANCHES.has(turn)) this.#sideBranch();
      else if (BIG.has(turn)) {
        this.#commit("Count in whole minutes everywhere", this.#session.author, this.#some(22));
      } else if (turn % 33 === 32) {
        this.#commit(`Bump toolkit from 1.${turn} to 1.${turn + 1}`, BOT, this.#named("http.ts", "main.go"));
      } else if (turn % 48 === 47) {
        this.#commit(
          `Release 0.${(turn + 1) / 48}.0`,
          this.#session.author,
          this.#named("config.ts", "settings.py"),
        );
      } else if (turn % 111 === 54) {
        this.#commit("style: run the formatter", this.#session.author, this.#some(8));
      } else if (turn % 77 === 70) this.#commit("WIP", this.#session.author, this.#together().files);
      else this.#ordinary();
    }
    return this.#commits;
  }

  #chance = (share: number) => this.#random() < share;
  #pick<T>(items: readonly T[]): T {
    return items[randomIndex(this.#random, items.length)]!;
  }
  #named = (...ends: readonly string[]) =>
    SAMPLE_FILES.filter(({ path }) => ends.some((end) => path.endsWith(`/${end}`)));
  #alive = () => SAMPLE_FILES.filter(({ path }) => this.#states.has(path));
  #some = (n: number) =>
    this.#alive().filter((_, i) => i % Math.ceil(this.#states.size / n) === 0).slice(0, n);

  #bear(turn: number): SampleFile[] {
    const born = SAMPLE_FILES.filter((file) => file.born === turn);
    for (const file of born) this.#states.set(file.path, { file, path: file.path, lines: new Map() });
    return born;
  }

  #passTime(): void {
    if (this.#session.left > 0) {
      this.#session.left--;
      this.#at_s += (12 + randomIndex(this.#random, 60)) * MINUTE;
      return;
    }
    this.#at_s += (11 + randomIndex(this.#random, 60)) * HOUR;
    const author = this.#pick(AUTHORS);
    const alive = SAMPLE_MODULES.filter(({ name }) =>
      author.modules.includes(name) && this.#alive().some((file) => file.module === name)
    );
    this.#session = { left: this.#pick([0, 1, 1, 2, 2, 3]), author: author.name, module: this.#pick(alive) };
  }

  #ordinary(): void {
    const { author } = this.#session, share = this.#random();
    if (share < 0.07) return this.#note();
    const { primary, module, files } = this.#together();
    const subject = this.#subject(primary, module);
    if (share < 0.24) this.#commit(subject, author, [primary]);
    else this.#commit(share > 0.985 ? `Revert "${subject}"` : subject, author, files);
  }

  /** Files that change together: the rules of the sample. */
  #together(): { primary: SampleFile; module: SampleModule; files: SampleFile[] } {
    const name = this.#chance(0.85) ? this.#session.module.name : this.#pick(this.#session.module.neighbours);
    const module = SAMPLE_MODULES.find((one) => one.name === name)!;
    const own = this.#alive().filter((file) => file.module === module.name);
    if (own.length === 0) return this.#together();
    const sources = own.filter(({ role }) => role === "source"), primary = this.#pick(sources);
    const files = new Set([primary]);
    const tests = own.filter(({ role, uses }) => role === "test" && uses.includes(primary.path));
    if (tests.length > 0 && this.#chance(0.72)) files.add(tests[0]!);
    const types = own.find(({ role }) => role === "types");
    if (types && this.#chance(0.35)) files.add(types);
    if (sources.length > 1 && this.#chance(0.35)) files.add(this.#pick(sources.filter((f) => f !== primary)));
    const linked = this.#alive().filter((file) =>
      file.module !== module.name && file.role !== "test" &&
      (file.uses.includes(primary.path) || primary.uses.includes(file.path))
    );
    const shared = linked.filter(({ role }) => role === "shared"),
      near = linked.filter(({ role }) => role !== "shared");
    if (near.length > 0 && this.#chance(0.3)) files.add(this.#pick(near));
    if (shared.length > 0 && this.#chance(0.22)) files.add(this.#pick(shared));
    if (this.#chance(0.05)) files.add(this.#pick(this.#alive()));
    if (files.size < 2) files.add(tests[0] ?? this.#pick(own.filter((f) => f !== primary)));
    return { primary, module, files: [...files] };
  }

  #subject(primary: SampleFile, module: SampleModule): string {
    const name = this.#pick(primary.names), topic = this.#pick(module.topics);
    const path = this.#states.get(primary.path)!.path, base = path.slice(path.lastIndexOf("/") + 1);
    const share = this.#random();
    if (share < 0.35) {
      return this.#pick([
        `Fix ${name} for ${topic}`,
        `fix: ${topic} in ${base}`,
        `${name}: fix a crash on ${topic}`,
      ]);
    }
    if (share < 0.68) {
      return this.#pick([
        `Add ${topic} to ${name}`,
        `Support ${topic} in ${base}`,
        `${name} can do ${topic}, new`,
      ]);
    }
    if (share < 0.8) {
      return this.#pick([`Refactor ${name}`, `Simplify ${base}`, `Clean up ${name} after ${topic}`]);
    }
    return this.#pick([
      `Think of ${topic} in ${name}`,
      `Less waiting in ${base}`,
      `${module.name}: ${topic}`,
    ]);
  }

  #startWeather(): void {
    const born = this.#bear(60);
    this.#commit("Add sailing_risk from the weather forecast", AUTHORS[1]!.name, [
      ...born,
      ...this.#named("search.py", "settings.py", "api.py"),
    ]);
  }

  #rename(from: string, to: string): void {
    const state = this.#states.get(from)!;
    state.path = to;
    const users = this.#alive().filter(({ uses }) => uses.includes(from));
    const base = to.slice(to.lastIndexOf("/") + 1);
    this.#commit(
      `Rename ${from.slice(from.lastIndexOf("/") + 1)} to ${base}`,
      this.#session.author,
      users,
      false,
      new Map([[from, null], [to, this.#render(state)]]),
    );
  }

  /** Two commits beside each other, then their merge: three turns. */
  #sideBranch(): void {
    const base = this.#commits.length - 1, { author } = this.#session;
    const side = this.#together(), taken = new Set(side.files);
    this.#commit(this.#subject(side.primary, side.module), this.#pick(AUTHORS).name, side.files);
    const main = this.#alive().filter((file) => !taken.has(file) && file.module === "store");
    this.#at_s += HOUR;
    this.#commit("Fix read_entries for torn pages", author, main, false, new Map(), [base]);
    this.#at_s += HOUR;
    const merged = new Map(
      side.files.map((
        file,
      ) => [this.#states.get(file.path)!.path, this.#render(this.#states.get(file.path)!)]),
    );
    this.#push("Merge branch 'side'", author, merged, [base + 2, base + 1]);
  }

  #note(): void {
    this.#readme += `\nNote ${this.#commits.length}: ask the harbour office about ${
      this.#pick(this.#session.module.topics)
    }.\n`;
    this.#push(
      "Write down what the harbour office said",
      this.#session.author,
      new Map([[README, this.#readme]]),
    );
  }

  #render = (state: SampleState) => renderState(state, this.#states);

  /** Grows each file by a statement or two (unless it is the first commit) and records the lot. */
  #commit(
    subject: string,
    author: string,
    files: readonly SampleFile[],
    isFirst = false,
    more: ReadonlyMap<string, string | null> = new Map(),
    parents?: readonly number[],
  ): void {
    const topics = SAMPLE_MODULES.find(({ name }) => name === files[0]?.module)?.topics ?? ["whole minutes"];
    const written = new Map<string, string | null>(isFirst ? [[README, this.#readme]] : more);
    for (const file of files) {
      const state = this.#states.get(file.path)!, names = subjectsOf(state, this.#states);
      const times = isFirst ? names.length : 1;
      for (let i = 0; i < times && names.length > 0; i++) {
        growState(
          state,
          isFirst ? names[i]! : this.#pick(names),
          1 + randomIndex(this.#random, 90),
          this.#pick(topics),
        );
      }
    }
    for (const file of files) {
      const state = this.#states.get(file.path)!;
      written.set(state.path, this.#render(state));
    }
    this.#push(subject, author, written, parents);
  }

  #push(
    subject: string,
    author: string,
    files: ReadonlyMap<string, string | null>,
    parents?: readonly number[],
  ): void {
    const last = this.#commits.length - 1;
    this.#commits.push({
      author,
      at_s: this.#at_s,
      subject,
      parents: parents ?? (last < 0 ? [] : [last]),
      files,
    });
  }
}
