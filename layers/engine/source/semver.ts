import { ok, problem, type Result } from "../domain/result.ts";

/** A version as semver.org defines it; numbers stay text, so that no size loses digits. */
export type Version = { readonly major: string; readonly minor: string; readonly patch: string; readonly pre: string };

const NUMBER = "(0|[1-9]\\d*)";
const IDENTIFIERS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const VERSION = new RegExp(`^v?${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${IDENTIFIERS}))?(?:\\+${IDENTIFIERS})?$`);

/** The version that a tag is, with or without a leading `v`; undefined for anything short of three numbers. Source: reference 1.2. */
export function parseVersion(text: string): Version | undefined {
  const found = VERSION.exec(text);
  if (found === null) return undefined;
  const [, major = "0", minor = "0", patch = "0", pre = ""] = found;
  if (pre.split(".").some((part) => /^0\d+$/.test(part))) return undefined;
  return { major, minor, patch, pre };
}

const compareNumbers = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
const isNumber = (text: string): boolean => /^\d+$/.test(text);

/** Negative, zero or positive; build metadata does not count. */
export const compareVersions = (a: Version, b: Version): number =>
  compareNumbers(a.major, b.major) || compareNumbers(a.minor, b.minor) || compareNumbers(a.patch, b.patch) || comparePre(a.pre, b.pre);

function comparePre(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i], right[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string | undefined, b: string | undefined): number {
  if (a === undefined) return b === undefined ? 0 : -1;
  if (b === undefined) return 1;
  if (isNumber(a)) return isNumber(b) ? compareNumbers(a, b) : -1;
  if (isNumber(b)) return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

type Operator = "" | "=" | "!=" | ">" | "<" | ">=" | "=>" | "<=" | "=<" | "~" | "~>" | "^";

/** One comparison. `any`: some part is missing or `x`; `anyMinor`, `anyPatch`: from which part on. */
type Comparison = { readonly operator: Operator; readonly version: Version; readonly any: boolean; readonly anyMinor: boolean; readonly anyPatch: boolean };

/** A range of versions: any of the groups, all comparisons of a group. */
export type VersionRange = readonly { readonly comparisons: readonly Comparison[]; readonly withPre: boolean }[];

const PART = "[0-9|xX*]+";
const LOOSE = `v?(${PART})(\\.${PART})?(\\.${PART})?(-(?:${IDENTIFIERS}))?(\\+(?:${IDENTIFIERS}))?`;
const LOOSE_SILENT = LOOSE.replaceAll(/\((?!\?)/g, "(?:");
const OPERATORS = "=||!=|>|<|>=|=>|<=|=<|~|~>|\\^";
const ONE = new RegExp(`^\\s*(${OPERATORS})\\s*${LOOSE}\\s*$`);
const EACH = new RegExp(`(?:${OPERATORS})\\s*(?:${LOOSE_SILENT})`, "g");
const ALL = new RegExp(`^(?:\\s*(?:${OPERATORS})\\s*(?:${LOOSE_SILENT})\\s*)(?:(?:\\s+|,\\s*)(?:${OPERATORS})\\s*(?:${LOOSE_SILENT})\\s*)*$`);
const HYPHEN = new RegExp(`\\s*(${LOOSE_SILENT})\\s+-\\s+(${LOOSE_SILENT})\\s*`, "g");
const MAX_RANGE = 1024;

/**
 * A constraint in the grammar of Flux (Go, Masterminds/semver v3), which is not npm's: commas and blanks mean "and", `1.x` and `1` mean `~1`,
 * `*` leaves pre-releases out, and a pre-release in one comparison lets them into its whole group.
 */
export function parseRange(text: string): Result<VersionRange> {
  if (text.length > MAX_RANGE) return problem(`improper constraint: longer than ${MAX_RANGE} characters`);
  const written = text.replace(HYPHEN, (_, from: string, to: string) => `>= ${from}, <= ${to} `);
  const groups: { comparisons: readonly Comparison[]; withPre: boolean }[] = [];
  for (const group of written.split("||")) {
    if (!ALL.test(group)) return problem(`improper constraint: ${JSON.stringify(group)}`);
    const comparisons: Comparison[] = [];
    for (const part of group.match(EACH) ?? []) {
      const comparison = parseComparison(part);
      if (!comparison.ok) return comparison;
      comparisons.push(comparison.value);
    }
    groups.push({ comparisons, withPre: comparisons.some(({ version }) => version.pre !== "") });
  }
  return ok(groups);
}

const isAny = (part: string | undefined): boolean => part === undefined || ["x", "X", "*"].includes(part.replace(".", ""));

function parseComparison(text: string): Result<Comparison> {
  const found = ONE.exec(text);
  if (found === null) return problem(`improper constraint: ${JSON.stringify(text)}`);
  const [, operator = "", major = "", minor, patch, pre = ""] = found;
  if (!isOperator(operator)) return problem(`improper constraint: ${JSON.stringify(text)}`);
  const anyMajor = isAny(major);
  const anyMinor = !anyMajor && isAny(minor);
  const anyPatch = !anyMajor && !anyMinor && isAny(patch);
  const written = anyMajor ? "0.0.0" : anyMinor ? `${major}.0.0` : anyPatch ? `${major}${minor}.0` : `${major}${minor}${patch}`;
  const version = parseVersion(`${written.replaceAll(/(^|\.)0+(?=\d)/g, "$1")}${pre}`);
  if (version === undefined) return problem("constraint parser error");
  return ok({ operator, version, any: anyMajor || anyMinor || anyPatch, anyMinor, anyPatch });
}

const isOperator = (text: string): text is Operator => ["", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^"].includes(text);

export const isInRange = (range: VersionRange, version: Version): boolean =>
  range.some(({ comparisons, withPre }) => (version.pre === "" || withPre) && comparisons.every((comparison) => holds(comparison, version)));

function holds(comparison: Comparison, version: Version): boolean {
  const { operator, any, version: bound } = comparison;
  switch (operator) {
    case "":
    case "=":
      return any ? isTilde(comparison, version) : compareVersions(version, bound) === 0;
    case "!=":
      return isNotEqual(comparison, version);
    case ">":
      return isGreater(comparison, version);
    case "<":
      return compareVersions(version, bound) < 0;
    case ">=":
    case "=>":
      return compareVersions(version, bound) >= 0;
    case "<=":
    case "=<":
      return isAtMost(comparison, version);
    case "~":
    case "~>":
      return isTilde(comparison, version);
    case "^":
      return isCaret(comparison, version);
  }
}

const major = (a: Version, b: Version): number => compareNumbers(a.major, b.major);
const minor = (a: Version, b: Version): number => compareNumbers(a.minor, b.minor);

function isNotEqual({ any, anyMinor, anyPatch, version: bound }: Comparison, version: Version): boolean {
  if (!any || major(version, bound) !== 0) return compareVersions(version, bound) !== 0;
  if (anyMinor) return false;
  if (minor(version, bound) !== 0) return true;
  if (anyPatch) return comparePre(version.pre, bound.pre) !== 0;
  return compareVersions(version, bound) !== 0;
}

/** `>1` wants 2 or more, `>1.1` wants 1.2 or more. */
function isGreater({ any, anyMinor, anyPatch, version: bound }: Comparison, version: Version): boolean {
  if (!any || major(version, bound) !== 0) return compareVersions(version, bound) > 0;
  if (anyMinor) return false;
  return anyPatch ? minor(version, bound) > 0 : compareVersions(version, bound) > 0;
}

/** `<=1` takes all of 1, `<=1.1` all of 1.1. */
function isAtMost({ any, anyMinor, version: bound }: Comparison, version: Version): boolean {
  if (!any) return compareVersions(version, bound) <= 0;
  if (major(version, bound) > 0) return false;
  return major(version, bound) < 0 || anyMinor || minor(version, bound) <= 0;
}

function isTilde({ anyMinor, anyPatch, version: bound }: Comparison, version: Version): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const zero = bound.major === "0" && bound.minor === "0" && bound.patch === "0";
  if (zero && !anyMinor && !anyPatch) return true;
  return major(version, bound) === 0 && (anyMinor || minor(version, bound) === 0);
}

function isCaret({ anyMinor, anyPatch, version: bound }: Comparison, version: Version): boolean {
  if (compareVersions(version, bound) < 0 || major(version, bound) !== 0) return false;
  if (bound.major !== "0" || anyMinor) return true;
  if (minor(version, bound) !== 0) return false;
  return bound.minor !== "0" || anyPatch || compareNumbers(version.patch, bound.patch) === 0;
}
