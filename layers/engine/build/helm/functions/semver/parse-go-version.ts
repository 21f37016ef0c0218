import { ok, problem, type Result } from "../../../../domain/result.ts";
import type { Version } from "../../../../source/semver.ts";
import { quote } from "../../../text/quote.ts";

/** A version with its build metadata, and the text that it was read from. */
export type GoVersion = Version & { readonly metadata: string; readonly original: string };

const LOOSE = /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const MAX_LENGTH = 256;
const MAX_UINT64 = 2n ** 64n - 1n;

/** `v1.2` is 1.2.0, and `01` is 1. The problem in the words of Masterminds/semver 3.5, NewVersion. */
export function parseGoVersion(text: string): Result<GoVersion> {
  if (new TextEncoder().encode(text).length > MAX_LENGTH) return problem(`version string is too long (max ${MAX_LENGTH} bytes)`);
  const found = LOOSE.exec(text);
  if (found === null) return problem("invalid semantic version");
  const [, major = "0", minor = "0", patch = "0", pre = "", metadata = ""] = found;
  for (const number of [major, minor, patch]) {
    if (BigInt(number) > MAX_UINT64) return problem(`error parsing version segment: strconv.ParseUint: parsing ${quote(number)}: value out of range`);
  }
  const wrong = preReleaseProblem(pre);
  if (wrong !== undefined) return problem(wrong);
  return ok({ major: plain(major), minor: plain(minor), patch: plain(patch), pre, metadata, original: text });
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
export const versionText = ({ major, minor, patch, pre, metadata }: GoVersion): string =>
  `${major}.${minor}.${patch}${pre === "" ? "" : `-${pre}`}${metadata === "" ? "" : `+${metadata}`}`;
