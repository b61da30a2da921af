/**
 * The imagined project of the generated sample: a ferry company's timetables, fares, routes, tides and ticket gates.
 *
 * Everything here is made up. It is drawn so that files that belong together look and link like files that belong together, no more.
 */

/** What a file is in its module. */
export type SampleRole = "source" | "test" | "types" | "shared";

/** One file of the imagined project. */
export interface SampleFile {
  readonly path: string;
  readonly module: string;
  readonly role: SampleRole;
  /** functions it defines; of a types file, types; of a test, empty: it tests what it uses */
  readonly names: readonly string[];
  /** paths of the files it imports and calls */
  readonly uses: readonly string[];
  /** position in the history of the commit that adds it; 0 is the first */
  readonly born: number;
}

/** What its module is about: words for subjects and comments. */
export interface SampleModule {
  readonly name: string;
  readonly topics: readonly string[];
  /** modules its work spills into */
  readonly neighbours: readonly string[];
}

export const SAMPLE_MODULES: readonly SampleModule[] = [
  {
    name: "timetable",
    topics: ["winter sailings", "late boats", "bank holidays", "the last crossing"],
    neighbours: ["notices", "booking"],
  },
  {
    name: "booking",
    topics: ["group fares", "bicycles", "return tickets", "sold-out decks"],
    neighbours: ["timetable", "gate"],
  },
  {
    name: "map",
    topics: ["small islands", "shallow water", "the zoom buttons", "harbour names"],
    neighbours: ["routes", "notices"],
  },
  {
    name: "notices",
    topics: ["storm warnings", "quiet days", "two languages", "old notices"],
    neighbours: ["timetable", "weather"],
  },
  {
    name: "routes",
    topics: ["detours", "closed piers", "one-way channels", "slow boats"],
    neighbours: ["tides", "map"],
  },
  {
    name: "tides",
    topics: ["neap tides", "missing readings", "the spring flood", "leap years"],
    neighbours: ["core", "routes"],
  },
  {
    name: "weather",
    topics: ["gusts", "fog", "stale forecasts", "northerly wind"],
    neighbours: ["routes", "notices"],
  },
  {
    name: "store",
    topics: ["torn pages", "old records", "double entries", "slow disks"],
    neighbours: ["weather", "tides"],
  },
  {
    name: "gate",
    topics: ["folded tickets", "expired passes", "the wrong pier", "impatient queues"],
    neighbours: ["booking"],
  },
  {
    name: "core",
    topics: ["rounding", "long series", "zero amplitudes", "phase jumps"],
    neighbours: ["tides"],
  },
];

const file = (
  path: string,
  module: string,
  role: SampleRole,
  names: string,
  uses: string = "",
  born = 0,
): SampleFile => ({ path, module, role, names: words(names), uses: words(uses), born });
const words = (text: string) => text.split(" ").filter((word) => word !== "");

const W = "web/src", P = "planner", T = "planner/tests";
const FORMAT = `${W}/shared/format.ts`, CONFIG = `${W}/shared/config.ts`, HTTP = `${W}/shared/http.ts`;
const SETTINGS = `${P}/settings.py`, JOURNAL = `${P}/store/journal.py`;

/** Files of the project, those of one module together. `renames` in the history move some of them. */
export const SAMPLE_FILES: readonly SampleFile[] = [
  file(FORMAT, "shared", "shared", "formatTime formatPrice formatDay padLeft"),
  file(CONFIG, "shared", "shared", "readConfig seasonOf pierNames"),
  file(HTTP, "shared", "shared", "fetchJson retryLater", CONFIG),
  file(`${W}/shared/format.test.ts`, "shared", "test", "", FORMAT),
  file(
    `${W}/app.ts`,
    "shared",
    "shared",
    "startApp drawPage",
    `${W}/timetable/timetable.ts ${W}/booking/booking.ts ${W}/notices/notices.ts`,
  ),
  file(`${W}/timetable/timetable_types.ts`, "timetable", "types", "Sailing TimetableDay"),
  file(
    `${W}/timetable/timetable.ts`,
    "timetable",
    "source",
    "sailingsOn nextSailing mergeDays skipCancelled",
    `${W}/timetable/timetable_types.ts ${FORMAT} ${HTTP}`,
  ),
  file(
    `${W}/timetable/timetable_view.ts`,
    "timetable",
    "source",
    "drawTimetable markLate",
    `${W}/timetable/timetable.ts ${FORMAT}`,
  ),
  file(`${W}/timetable/timetable.test.ts`, "timetable", "test", "", `${W}/timetable/timetable.ts`),
  file(`${W}/booking/booking_types.ts`, "booking", "types", "Fare Booking"),
  file(
    `${W}/booking/booking.ts`,
    "booking",
    "source",
    "placeBooking cancelBooking seatsLeft",
    `${W}/booking/booking_types.ts ${W}/booking/fares.ts ${HTTP} ${W}/timetable/timetable.ts`,
  ),
  file(
    `${W}/booking/fares.ts`,
    "booking",
    "source",
    "fareFor applyDiscount roundFare",
    `${W}/booking/booking_types.ts ${CONFIG}`,
  ),
  file(`${W}/booking/booking.test.ts`, "booking", "test", "", `${W}/booking/booking.ts`),
  file(`${W}/booking/fares.test.ts`, "booking", "test", "", `${W}/booking/fares.ts`),
  file(`${W}/map/map_types.ts`, "map", "types", "Place Viewport"),
  file(
    `${W}/map/map_view.ts`,
    "map",
    "source",
    "drawMap placeLabels zoomTo",
    `${W}/map/projection.ts ${W}/map/map_types.ts ${CONFIG}`,
  ),
  file(
    `${W}/map/projection.ts`,
    "map",
    "source",
    "projectPoint unprojectPoint clipToView",
    `${W}/map/map_types.ts`,
  ),
  file(`${W}/map/map_view.test.ts`, "map", "test", "", `${W}/map/map_view.ts ${W}/map/projection.ts`),
  file(`${W}/notices/notice_types.ts`, "notices", "types", "Notice Audience"),
  file(
    `${W}/notices/notices.ts`,
    "notices",
    "source",
    "noticesFor dropExpired sortByUrgency",
    `${W}/notices/notice_types.ts ${HTTP} ${FORMAT}`,
  ),
  file(
    `${W}/notices/banner.ts`,
    "notices",
    "source",
    "drawBanner hideBanner",
    `${W}/notices/notices.ts ${FORMAT}`,
  ),
  file(`${W}/notices/notices.test.ts`, "notices", "test", "", `${W}/notices/notices.ts`),
  file(SETTINGS, "shared", "shared", "load_settings pier_depth"),
  file(
    `${P}/api.py`,
    "shared",
    "shared",
    "answer_route answer_tide",
    `${P}/routes/search.py ${P}/tides/tide_table.py ${SETTINGS}`,
  ),
  file(`${P}/routes/graph.py`, "routes", "source", "build_graph edge_cost close_pier", SETTINGS),
  file(
    `${P}/routes/search.py`,
    "routes",
    "source",
    "find_route rank_routes cut_detours",
    `${P}/routes/graph.py ${P}/routes/route_types.py ${P}/tides/tide_table.py`,
  ),
  file(`${P}/routes/route_types.py`, "routes", "types", "Route Leg"),
  file(`${T}/test_graph.py`, "routes", "test", "", `${P}/routes/graph.py`),
  file(`${T}/test_search.py`, "routes", "test", "", `${P}/routes/search.py`),
  file(
    `${P}/tides/tide_table.py`,
    "tides",
    "source",
    "high_water low_water depth_at",
    `${P}/tides/interpolate.py ${SETTINGS} ${JOURNAL}`,
  ),
  file(`${P}/tides/interpolate.py`, "tides", "source", "fit_curve fill_gap"),
  file(`${T}/test_tide_table.py`, "tides", "test", "", `${P}/tides/tide_table.py`),
  file(`${T}/test_interpolate.py`, "tides", "test", "", `${P}/tides/interpolate.py`),
  file(
    `${P}/weather/forecast.py`,
    "weather",
    "source",
    "read_forecast sailing_risk forget_stale",
    `${P}/weather/wind.py ${SETTINGS} ${JOURNAL}`,
    60,
  ),
  file(`${P}/weather/wind.py`, "weather", "source", "beaufort gust_factor", "", 60),
  file(`${T}/test_forecast.py`, "weather", "test", "", `${P}/weather/forecast.py ${P}/weather/wind.py`, 60),
  file(JOURNAL, "store", "source", "append_entry read_entries compact_journal", `${P}/store/entry_types.py`),
  file(`${P}/store/entry_types.py`, "store", "types", "Entry Page"),
  file(`${T}/test_journal.py`, "store", "test", "", JOURNAL),
  file("gate/main.go", "gate", "source", "OpenGate CountQueue", "gate/ticket/ticket.go gate/ticket/scan.go"),
  file("gate/ticket/ticket.go", "gate", "source", "CheckTicket TicketAge ZoneOf"),
  file("gate/ticket/scan.go", "gate", "source", "ScanCode CleanCode", "gate/ticket/ticket.go"),
  file("gate/ticket/ticket_test.go", "gate", "test", "", "gate/ticket/ticket.go gate/ticket/scan.go"),
  file(
    "tide_core/src/lib.rs",
    "core",
    "source",
    "predict_level predict_series",
    "tide_core/src/harmonics.rs tide_core/src/curve.rs",
  ),
  file("tide_core/src/harmonics.rs", "core", "source", "sum_constituents phase_of"),
  file(
    "tide_core/src/curve.rs",
    "core",
    "source",
    "smooth_curve turning_points",
    "tide_core/src/harmonics.rs",
  ),
  file(
    "tide_core/tests/curve_test.rs",
    "core",
    "test",
    "",
    "tide_core/src/curve.rs tide_core/src/harmonics.rs",
  ),
];
