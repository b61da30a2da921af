/**
 * The scripted repository: a small tea house in four languages whose history holds every trap the extractor must survive.
 *
 * Merges, a side branch whose rename must not leak, a freed and refilled name, bots, unfinished and mechanical commits, odd
 * paths, unreadable files, sessions, mentions. Same commit names every time.
 */
import { RepositoryScript, type ScriptedCommit } from "./repository_script.ts";

const ADA = "Ada Brewer <ada@tea.example>", BEN = "Ben Cooper <ben@tea.example>";
const CHO = "Cho Dale <cho@tea.example>",
  BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>";

/** Committer time of the first commit, Unix seconds. */
export const SCRIPT_START_S = 1_600_000_000;

const HOUR = 3600, DAY = 86_400;

/** Paths with traps in them. `RAW` has a byte that is no UTF-8, written as the kit writes it in `RAW_SHOWN`. */
export const ODD = {
  space: "odd/with space.py",
  newline: "odd/new\nline.py",
  quote: "odd/quo\"te's.py",
  unicode: "odd/thé_vert.py",
  raw: "odd/raw\udcff.py",
  rawShown: "odd/raw\\xff.py",
} as const;

/** Files whose content cannot be read as code, by the status they get. */
export const UNREADABLE = {
  binary: "assets/blob.py",
  too_large: "assets/huge.js",
  undecodable: "assets/latin.py",
} as const;

const DEEP = "web/src/ui/panels/left/side/tray.ts";

const FIRST: Record<string, string | Uint8Array> = {
  "README.md": "# Tea house\n",
  "prices.json": "{}\n",
  "brew/__init__.py": "",
  "brew/kettle.py": py("Kettle", "boil_water", ["log_event"], "from brew.journal import log_event\n"),
  "brew/leaf.py": py("Leaf", "steep_leaf", ["boil_water", "log_event"], "from .kettle import boil_water\n"),
  "brew/menu.py": py("Menu", "print_menu", ["steep_leaf"], "from . import leaf\n"),
  "brew/journal.py": py("Journal", "log_event", [], "import os\n"),
  "brew/water.py": py("Water", "measure_water", ["log_event"], ""),
  "tests/test_kettle.py": py(
    "KettleTest",
    "test_boil",
    ["boil_water"],
    "from brew.kettle import boil_water\n",
  ),
  "tests/test_leaf.py": py("LeafTest", "test_steep", ["steep_leaf"], "from brew.leaf import steep_leaf\n"),
  "web/src/cart.ts": ts("Cart", "addToCart", ["formatPrice"], 'import { formatPrice } from "./price.ts";\n'),
  "web/src/price.ts": ts("Price", "formatPrice", [], ""),
  "web/src/checkout.ts": ts("Checkout", "payBill", ["addToCart"], 'import { addToCart } from "./cart";\n'),
  "web/src/checkout.test.ts": ts(
    "CheckoutTest",
    "testPay",
    ["payBill"],
    'import { payBill } from "./checkout";\n',
  ),
  "web/src/ui/panel.ts": ts("Panel", "drawPanel", ["addToCart"], 'import { addToCart } from "../cart.ts";\n'),
  "web/src/ui/panels/frame.ts": ts("Frame", "drawFrame", ["drawPanel"], 'import "../panel.ts";\n'),
  [DEEP]: ts("Tray", "drawTray", ["drawPanel"], 'import { drawPanel } from "../../../panel.ts";\n'),
  "server/main.go": go("main", "Serve", ["OpenStore"], '\nimport "tea.example/house/server/store"\n'),
  "server/store/store.go": go("store", "OpenStore", [], '\nimport "fmt"\n'),
  "server/store/store_test.go": go("store", "TestOpen", ["OpenStore"], ""),
  "engine/src/lib.rs": rs(
    "Engine",
    "run_engine",
    ["grind_beans"],
    "mod grind;\nuse crate::grind::grind_beans;\n",
  ),
  "engine/src/grind.rs": rs("Grinder", "grind_beans", ["set_burr"], "mod burr;\nuse self::burr::set_burr;\n"),
  "engine/src/grind/burr.rs": rs("Burr", "set_burr", [], "use super::Grinder;\n"),
  "engine/src/scale.rs": rs("Scale", "weigh_beans", ["grind_beans"], "use crate::grind::grind_beans;\n"),
  "vendor/shim/clock.js": js("readClock", []),
  "node_modules/tiny/index.js": js("tinyThing", ["readClock"]),
  "scripts/open.sh": "open_house() { echo open; }\n",
  [ODD.space]: py("Spaced", "walk_space", ["walk_line"], ""),
  [ODD.newline]: py("Lined", "walk_line", [], ""),
  [ODD.quote]: py("Quoted", "walk_quote", ["walk_space"], ""),
  [ODD.unicode]: py("Vert", "walk_vert", ["walk_quote"], ""),
  [ODD.raw]: py("Raw", "walk_raw", ["walk_vert"], ""),
  [UNREADABLE.binary]: new Uint8Array([80, 0, 1, 2, 3, 0, 255]),
  [UNREADABLE.too_large]: "var steam = 1; // rising and rising\n".repeat(12_000),
  [UNREADABLE.undecodable]: new Uint8Array([0x23, 0x20, 0xe9, 0x0a]),
  "assets/broken.rs": "fn fn fn {{{ ((( struct => ;;; let\n".repeat(5),
};

function py(type: string, name: string, calls: string[], head: string): string {
  return `${head}\n\nclass ${type}:\n    amount = 0\n\n\ndef ${name}(cup):\n` +
    calls.map((call) => `    ${call}(cup)\n`).join("") + `    return cup\n`;
}
function ts(type: string, name: string, calls: string[], head: string): string {
  return `${head}export interface ${type} { amount: number }\n\nexport function ${name}(cup: ${type}) {\n` +
    calls.map((call) => `  ${call}(cup);\n`).join("") + `  return cup;\n}\n`;
}
function go(pack: string, name: string, calls: string[], head: string): string {
  return `package ${pack}\n${head}\nfunc ${name}(cup int) int {\n` +
    calls.map((call) => `\t${call}(cup)\n`).join("") + `\treturn cup\n}\n`;
}
function rs(type: string, name: string, calls: string[], head: string): string {
  return `${head}pub struct ${type} { amount: u32 }\n\npub fn ${name}(cup: u32) -> u32 {\n` +
    calls.map((call) => `    ${call}(cup);\n`).join("") + `    cup\n}\n`;
}
function js(name: string, calls: string[]): string {
  return `function ${name}(cup) {\n${calls.map((call) => `  ${call}(cup);\n`).join("")}  return cup;\n}\n`;
}

/** Makes the script. Its last commit is the head; labels that matter to tests are named, the others are numbered. */
export function teaHouse(): RepositoryScript {
  const script = new RepositoryScript();
  let at_s = SCRIPT_START_S, count = 0;
  /** Commits one more line in each file named; other fields as given. */
  const touch = (
    message: string | Uint8Array,
    paths: readonly string[],
    more: Partial<ScriptedCommit> & { after?: number } = {},
  ) => {
    const { after = DAY, files = {}, ...rest } = more;
    at_s += after;
    count++;
    const parent = rest.parents?.[0] ?? script.labels.at(-1)!;
    const tree = script.treeOf(parent);
    const grown = Object.fromEntries(paths.map((path) => {
      const mark = /\.(py|sh)$/.test(path) ? "#" : "//", text = tree.get(path);
      if (typeof text !== "string") throw new RangeError(`${path} cannot be touched at ${parent}`);
      return [path, `${text}${mark} note ${count}\n`];
    }));
    script.add({ label: `c${count}`, author: ADA, at_s, message, ...rest, files: { ...grown, ...files } });
  };

  script.add({ label: "first", author: ADA, at_s, message: "Open the tea house", files: FIRST });
  const kettle = ["brew/kettle.py", "tests/test_kettle.py"], leaf = ["brew/leaf.py", "tests/test_leaf.py"];
  const web = ["web/src/checkout.ts", "web/src/cart.ts"];

  touch("fix: boil_water forgets the lid", [...kettle, "brew/water.py"]);
  touch("Add a price to the cart", [...web, "web/src/price.ts"], { author: BEN });
  touch("Steep green leaves for less time", leaf, { author: CHO, after: 20 * DAY });
  // One session of three commits: the later two have chat files.
  touch("Refactor the grinder", ["engine/src/lib.rs", "engine/src/grind.rs"], { author: BEN });
  touch("Adjust burr and scale", ["engine/src/grind/burr.rs", "engine/src/scale.rs"], {
    author: BEN,
    after: HOUR / 2,
  });
  touch("Weigh before grinding", ["engine/src/scale.rs", "engine/src/grind.rs"], {
    author: BEN,
    after: HOUR / 2,
  });
  touch("", ["brew/menu.py", "brew/leaf.py"]);
  touch("WIP", [...kettle]);
  touch("style: run formatters", [...kettle, ...leaf]);
  touch("Bump tiny from 1.0 to 1.1", ["node_modules/tiny/index.js", "vendor/shim/clock.js"], { author: BOT });
  touch("chore(release): 0.1.0", ["brew/kettle.py", "web/src/cart.ts"]);
  touch("Empty on purpose", []);
  touch(
    `Fix formatPrice in web/src/price.ts`,
    ["web/src/price.ts", "web/src/cart.ts", "web/src/ui/panel.ts"],
    { author: BEN },
  );
  touch("Draw the tray in its frame", [DEEP, "web/src/ui/panels/frame.ts", "web/src/ui/panel.ts"], {
    author: BEN,
    after: HOUR,
  });
  touch(
    "Touch everything at once",
    Object.keys(FIRST).filter((p) => /^(brew|web|server|engine|tests)\//.test(p)),
  );
  touch("Open the store once", ["server/main.go", "server/store/store.go", "server/store/store_test.go"], {
    author: CHO,
  });
  touch("Patch the vendored clock", ["vendor/shim/clock.js", "web/src/checkout.ts"], { author: CHO });
  touch(
    new Uint8Array([
      ...new TextEncoder().encode("Caf"),
      0xe9,
      ...new TextEncoder().encode(" hours in the journal"),
    ]),
    [
      "brew/journal.py",
      "brew/water.py",
    ],
  );
  touch("Walk odd paths", [ODD.space, ODD.newline, ODD.quote, ODD.unicode, ODD.raw], { author: CHO });

  // A side branch renames the cart; nothing on the main line may know of it before the merge.
  const fork = script.labels.at(-1)!;
  touch("Rename cart to basket", ["web/src/price.ts"], {
    label: "side-rename",
    parents: [fork],
    author: CHO,
    renames: { "web/src/cart.ts": "web/src/basket.ts" },
  });
  touch("Basket totals", ["web/src/basket.ts", "web/src/price.ts"], {
    label: "side-2",
    author: CHO,
    after: HOUR,
  });
  touch("Pay bills in the cart", web, { label: "main-beside", parents: [fork], author: ADA, after: HOUR });
  touch("fix payBill rounding", [...web, "web/src/price.ts"], {
    label: "main-beside-2",
    author: ADA,
    after: HOUR,
  });
  const merged = script.treeOf("main-beside-2");
  touch("Merge branch 'basket'", [], {
    label: "merge",
    parents: ["main-beside-2", "side-2"],
    renames: { "web/src/cart.ts": "web/src/basket.ts" },
    files: { "web/src/basket.ts": `${merged.get("web/src/cart.ts")}// merged\n` },
  });
  touch("Count the basket at checkout", ["web/src/basket.ts", "web/src/checkout.ts"], {
    label: "after-merge",
    author: BEN,
  });
  touch("Empty the basket after payBill", ["web/src/basket.ts", "web/src/checkout.ts", "web/src/price.ts"], {
    author: BEN,
  });

  // water.py moves to well.py, and later a new and unrelated water.py takes the freed name.
  touch("Move water to the well", ["brew/journal.py"], {
    label: "freed",
    renames: { "brew/water.py": "brew/well.py" },
  });
  touch("Draw from the well", ["brew/well.py", "brew/journal.py"]);
  touch("Add sparkling water", ["brew/menu.py", "brew/kettle.py"], {
    label: "refilled",
    files: {
      "brew/water.py": py("Sparkling", "add_bubbles", ["print_menu"], "import random\nBUBBLES = [1, 2, 3]\n"),
    },
  });
  touch("Sparkling water on the menu", ["brew/water.py", "brew/menu.py"]);
  touch("Delete the old scale", ["engine/src/lib.rs", "engine/src/grind.rs"], {
    label: "deleted",
    files: { "engine/src/scale.rs": null },
    author: BEN,
  });
  touch('Revert "Draw from the well"', ["brew/well.py", "brew/journal.py"]);
  touch("Read broken and binary assets", ["assets/broken.rs", "brew/journal.py"], {
    files: { [UNREADABLE.binary]: new Uint8Array([80, 0, 9]) },
  });

  // A long, even tail: pairs that keep changing together, some files busier than others, sessions, mentions.
  const themes: [string, string[], string][] = [
    ["Keep boil_water below the boil", [...kettle, "brew/journal.py"], ADA],
    ["Speed up steep_leaf", [...leaf, "brew/journal.py"], ADA],
    ["Show the basket in panel.ts", ["web/src/basket.ts", "web/src/ui/panel.ts", "brew/journal.py"], BEN],
    ["fix grind_beans overflow", ["engine/src/grind.rs", "engine/src/grind/burr.rs"], BEN],
    ["OpenStore retries", ["server/store/store.go", "server/store/store_test.go", "server/main.go"], CHO],
    ["Improve the tray", [DEEP, "web/src/ui/panels/frame.ts", "brew/journal.py"], CHO],
    ["Print the menu with sparkling water", ["brew/menu.py", "brew/water.py", "brew/journal.py"], ADA],
  ];
  for (let round = 0; round < 5; round++) {
    themes.forEach(([message, paths, author], i) => {
      const after = i % 2 === 1 ? HOUR : (3 + 5 * round) * DAY;
      touch(`${message} (${round + 1})`, paths, { author, after });
    });
  }
  return script;
}
