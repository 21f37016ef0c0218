import { isInRange, parseRange, parseVersion, type Version } from "../../../source/semver.ts";

const LOOSE = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** A version that may lack its second and third number, as `1.2`, which counts as `1.2.0`. Source: Masterminds/semver v3, NewVersion. */
export function parseLooseVersion(text: string): Version | undefined {
  const found = LOOSE.exec(text);
  if (found === null) return undefined;
  const [, major = "", minor = "0", patch = "0", pre = "", build = ""] = found;
  const plain = (digits: string): string => digits.replace(/^0+(?=\d)/, "");
  return parseVersion(`${plain(major)}.${plain(minor)}.${plain(patch)}${pre}${build}`);
}

export const isSemver = (text: string): boolean => parseLooseVersion(text) !== undefined;

/** Whether `version` fulfils `range`; false where one of the two cannot be read. Source: Helm 4, chartutil.IsCompatibleRange. */
export function isCompatible(range: string, version: string): boolean {
  const parsed = parseLooseVersion(version);
  const constraint = parseRange(range);
  return parsed !== undefined && constraint.ok && isInRange(constraint.value, parsed);
}
