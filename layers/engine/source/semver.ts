import { RE2JS } from "re2js";
import { quote } from "../build/text/quote.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { onFirstUse } from "../tables/on-first-use.ts";

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
const BLANKS = "[\\t\\n\\f\\r ]";
const LOOSE = `v?(${PART})(\\.${PART})?(\\.${PART})?(-(?:${IDENTIFIERS}))?(\\+(?:${IDENTIFIERS}))?`;
const LOOSE_SILENT = LOOSE.replaceAll(/\((?!\?)/g, "(?:");
const OPERATORS = "=||!=|>|<|>=|=>|<=|=<|~|~>|\\^";

/** RE2, as in Go: of blanks and commas there are too many ways to divide them for an expression that tries all. */
const patterns = onFirstUse(() => ({
  one: RE2JS.compile(`^${BLANKS}*(${OPERATORS})${BLANKS}*${LOOSE}${BLANKS}*$`),
  each: RE2JS.compile(`(?:${OPERATORS})${BLANKS}*(?:${LOOSE_SILENT})`),
  all: RE2JS.compile(
    `^(?:${BLANKS}*(?:${OPERATORS})${BLANKS}*(?:${LOOSE_SILENT})${BLANKS}*)(?:(?:${BLANKS}+|,${BLANKS}*)(?:${OPERATORS})${BLANKS}*(?:${LOOSE_SILENT})${BLANKS}*)*$`,
  ),
  hyphen: RE2JS.compile(`${BLANKS}*(${LOOSE_SILENT})${BLANKS}+-${BLANKS}+(${LOOSE_SILENT})${BLANKS}*`),
}));

const MAX_RANGE = 512;
const MAX_GROUPS = 32;

/**
 * A constraint in the grammar of Flux (Go, Masterminds/semver 3.5), which is not npm's: commas and blanks mean "and", `1.x` and `1` mean `~1`,
 * `*` leaves pre-releases out, and a pre-release in one comparison lets them into its whole group. The problem is in its words.
 */
export function parseRange(text: string): Result<VersionRange> {
  if (new TextEncoder().encode(text).length > MAX_RANGE) return problem(`constraint string is too long (max ${MAX_RANGE} bytes)`);
  const written = withoutHyphens(text).split("||");
  if (written.length > MAX_GROUPS) return problem(`too many constraint groups (max ${MAX_GROUPS})`);
  const groups: { comparisons: readonly Comparison[]; withPre: boolean }[] = [];
  for (const group of written) {
    if (!patterns().all.matcher(group).find()) return problem(`improper constraint: ${quote(group)}`);
    const comparisons: Comparison[] = [];
    for (const part of findAll(patterns().each, group)) {
      const comparison = parseComparison(part);
      if (!comparison.ok) return comparison;
      comparisons.push(comparison.value);
    }
    groups.push({ comparisons, withPre: comparisons.some(({ version }) => version.pre !== "") });
  }
  return ok(groups);
}

/** `1 - 2` as the two comparisons that it means. */
function withoutHyphens(text: string): string {
  let written = text;
  const matcher = patterns().hyphen.matcher(text);
  while (matcher.find()) written = written.replace(matcher.group(0) ?? "", () => `>= ${matcher.group(1) ?? ""}, <= ${matcher.group(2) ?? ""} `);
  return written;
}

function findAll(pattern: RE2JS, text: string): readonly string[] {
  const found: string[] = [];
  const matcher = pattern.matcher(text);
  while (matcher.find()) found.push(matcher.group(0) ?? "");
  return found;
}

const isAny = (part: string | undefined): boolean => part === undefined || ["x", "X", "*"].includes(part.replace(".", ""));

function parseComparison(text: string): Result<Comparison> {
  const found = patterns().one.matcher(text);
  if (!found.find()) return problem(`improper constraint: ${quote(text)}`);
  const group = (index: number): string | undefined => found.group(index) ?? undefined;
  const [operator = "", major = "", minor, patch, pre = ""] = [group(1), group(2), group(3), group(4), group(5)];
  if (!isOperator(operator)) return problem(`improper constraint: ${quote(text)}`);
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
