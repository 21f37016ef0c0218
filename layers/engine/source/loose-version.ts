import { quote } from "../build/text/quote.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { isInRange, parseRange, type Version } from "./semver.ts";

/** A version with its build metadata, and the text that it was read from. */
export type LooseVersion = Version & { readonly metadata: string; readonly original: string };

const LOOSE = /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const MAX_LENGTH = 256;
const MAX_UINT64 = 2n ** 64n - 1n;
const SAFE_DIGITS = 19;

/** A version that may lack its second and third number: `v1.2` is 1.2.0, and `01` is 1. The problem in the words of Masterminds/semver 3.5, NewVersion. */
export function parseLooseVersion(text: string): Result<LooseVersion> {
  if (Buffer.byteLength(text) > MAX_LENGTH) return problem(`version string is too long (max ${MAX_LENGTH} bytes)`);
  const found = LOOSE.exec(text);
  if (found === null) return problem("invalid semantic version");
  const [, major = "0", minor = "0", patch = "0", pre = "", metadata = ""] = found;
  for (const number of [major, minor, patch]) {
    if (number.length > SAFE_DIGITS && BigInt(number) > MAX_UINT64)
      return problem(`error parsing version segment: strconv.ParseUint: parsing ${quote(number)}: value out of range`);
  }
  const wrong = preReleaseProblem(pre);
  if (wrong !== undefined) return problem(wrong);
  return ok({ major: plain(major), minor: plain(minor), patch: plain(patch), pre, metadata, original: text });
}

export const isSemver = (text: string): boolean => parseLooseVersion(text).ok;

/** Whether `version` fulfils `range`; false where one of the two cannot be read. Source: Helm 4, chartutil.IsCompatibleRange. */
export function isCompatible(range: string, version: string): boolean {
  const parsed = parseLooseVersion(version);
  const constraint = parseRange(range);
  return parsed.ok && constraint.ok && isInRange(constraint.value, parsed.value);
}

/** What is wrong with a pre-release; nothing with an empty one. */
export function preReleaseProblem(text: string): string | undefined {
  if (text === "") return undefined;
  for (const part of text.split(".")) {
    if (!/^[0-9A-Za-z-]+$/.test(part)) return "invalid prerelease string";
    if (/^0[0-9]+$/.test(part)) return "version segment starts with 0";
  }
  return undefined;
}

export function metadataProblem(text: string): string | undefined {
  return text === "" || text.split(".").every((part) => /^[0-9A-Za-z-]+$/.test(part)) ? undefined : "invalid metadata string";
}

const plain = (digits: string): string => digits.replace(/^0+(?=[0-9])/, "");

/** As it is written in full, without a `v`. */
export const versionText = ({ major, minor, patch, pre, metadata }: LooseVersion): string =>
  `${major}.${minor}.${patch}${pre === "" ? "" : `-${pre}`}${metadata === "" ? "" : `+${metadata}`}`;
