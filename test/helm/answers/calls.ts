import { createChance } from "../chance.ts";
import type { Argument, Call } from "./call.ts";

const call = (name: string, ...args: readonly Argument[]): Call => ({ name, args });

const LAYOUTS = [
  ...[
    "2006-01-02T15:04:05Z07:00",
    "2006-01-02T15:04:05.999999999Z07:00",
    "Mon, 02 Jan 2006 15:04:05 MST",
    "Monday, January _2 2006",
    "02 Jan 06 15:04 -0700",
    "3:04PM",
  ],
  ...[
    "Jan _2 15:04:05.000",
    "2006 002 __2",
    "06-1-2 3:4:5 pm",
    "15h 04m 05s .000000 ,999",
    "-07 -070000 -07:00:00 Z07 Z0700 Z070000 Z07:00:00",
    "_2006 Jannot Month 20061 0",
  ],
  ...["", "no parts", "01/02 03:04:05PM '06 -0700", "2006-01-02 MST -0700", "Mon Jan 2", "05.00 05,0000000000 04.9"],
];
const TIMES = [
  ["2006-01-02 15:04:05", "2024-02-29 00:00:59"],
  ["2006-01-02 15:04:05.999999999 -0700", "1999-12-31 23:59:59.123456789 +0530"],
  ["2006-01-02T15:04:05Z07:00", "2021-07-04T12:00:00-03:30"],
  ["2006-01-02", "0001-01-01"],
  ["2006-01-02", "9999-12-31"],
  ["2006-01-02", "1969-12-31"],
  ["2006-01-02 MST", "2000-01-01 CEST"],
  ["2006-01-02 MST", "2000-01-01 GMT+3"],
  ["2006 002", "2024 366"],
  ["02 Jan 06 15:04", "05 mar 69 01:02"],
  ["3:04PM", "12:30AM"],
  ["2006-01-02 15:04:05,000", "2024-10-27 01:30:00.25"],
] as const;
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",

  "Asia/Tokyo",
  "Nowhere/None",
  "",

  "europe/berlin",
];
const DURATIONS = [
  "1h",
  "-1.5h",
  "90m",
  "36h",
  "1h30m5.5s",
  "100ms",
  "1us",
  "3ns",
  "8760h",
  "9000h",
  "721h",
  "0",
  "+5s",
  "1",
  "",
  "1x",
  "1h-",
  ".5m",
  "1.h",
  "2562047h47m16.854775807s",
  "2562048h",
  "-0.000000001s",
  "1d",
];
const WRONG: readonly (readonly [string, string])[] = [
  ["2006-01-02", "2024-13-01"],
  ["2006-01-02", "2024-02-30"],
  ["2006-01-02", "2024-1-01"],
  ["2006-01-02", "24-01-01"],
  ["2006-01-02", "2024-01-01x"],
  ["2006-01-02", "x"],
  ["15:04:05", "24:00:00"],
  ["15:04:05", "12:60:00"],
  ["15:04:05", "12:00:60"],
  ["Jan 2", "Foo 2"],
  ["2006 002", "2023 366"],
  ["2006 002 01", "2023 032 03"],
  ["3:04PM", "1:02pm"],
  ["-0700", "+2560"],
  ["-07:00", "*02:00"],
  ["MST", "ab"],
  ['2006\t"é', "2024"],
];

/** Everything in dates and ciphers that has no chance in it. */
export function fixedCalls(): readonly Call[] {
  const times = TIMES.map(([layout, text]) => call("toDate", layout, text));
  return [
    ...times.flatMap((time) => [
      call("toString", time),
      call("unixEpoch", time),
      call("htmlDate", time),
      ...LAYOUTS.map((layout) => call("date", layout, time)),
    ]),
    ...times.flatMap((time) => ZONES.flatMap((zone) => [call("dateInZone", "2006-01-02 15:04:05 -0700 MST", time, zone), call("htmlDateInZone", time, zone)])),
    ...DURATIONS.flatMap((text) => [call("durationRound", text), call("toString", call("dateModify", text, call("toDate", "2006-01-02", "2024-02-29")))]),
    ...["0", "1", "59", "3600", "-90061", "x", "", "9223372036854775807", "99999999999999999999", "+7", "1.5"].map((text) => call("duration", text)),
    ...[0, 95, 3600, -5].flatMap((count) => [call("duration", count), call("duration", call("int64", count)), call("durationRound", call("int64", count))]),
    ...[0, 1_700_000_000, -1].flatMap((count) => [
      call("date", "2006-01-02 15:04:05", count),
      call("dateInZone", "2006-01-02 15:04 MST", call("int64", count), "America/New_York"),
    ]),
    ...WRONG.map(([layout, text]) => call("toString", call("toDate", layout, text))),
    ...["maximum", "long", "medium", "short", "basic", "pin", "none"].flatMap((kind) =>
      [1, 7].map((counter) => call("derivePassword", counter, kind, "päss", "user", "site.example")),
    ),
    call("decryptAES", "secretkey", "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ="),
    call("decryptAES", "", ""),
    call("htpasswd", "a:b", "c"),
    call("bcrypt", "x".repeat(73)),
    call("genPrivateKey", "none"),
    ...["1.2.3", "v1.2", "1", "01.002.3-rc.1+b"].map((text) => call("toString", call("semver", text))),
  ];
}

/** Those that end in an error: each takes a run of its own. */
export const wrongCalls = (): readonly Call[] => [
  ...WRONG.map(([layout, text]) => call("mustToDate", layout, text)),
  ...["1", "", "x", "1d", ".s", "2562048h", "1h-"].map((text) => call("mustDateModify", text, call("toDate", "2006", "2024"))),
  ...["%", "AAA=", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA=="].map((text) => call("decryptAES", "k", text)),
  ...["", "a", "1.2.3.4", "99999999999999999999"].map((text) => call("semver", text)),
];

const NUMBERS = ["0", "1", "2", "3", "10", "01"];

/** Constraints and versions at random; those whose constraint is none are left out, since helm stops there. */
export function semverCalls(seed: number, count: number): readonly Call[] {
  const chance = createChance(seed);
  const version = (parts: readonly string[]): string =>
    `${chance.isSo(0.2) ? "v" : ""}${chance.pick(parts)}${chance.isSo(0.8) ? `.${chance.pick(parts)}${chance.isSo(0.8) ? `.${chance.pick(parts)}` : ""}` : ""}${chance.isSo(0.3) ? `-${chance.pick(["0", "alpha", "alpha.1", "rc.2", "a-b"])}` : ""}`;
  const one = (): string =>
    `${chance.pick(["", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^"])}${chance.pick(["", " "])}${version([...NUMBERS, "x", "*"])}`;
  const constraint = (): string => [one(), ...Array.from({ length: chance.below(3) }, () => `${chance.pick([" ", ", ", " || "])}${one()}`)].join("");
  return Array.from({ length: count }, () => call("semverCompare", constraint(), version(NUMBERS)));
}
