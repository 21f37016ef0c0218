import { ok, problem, type Result } from "../../domain/result.ts";
import { compareVersions, isInRange, parseRange, parseVersion, type Version, type VersionRange } from "../semver.ts";
import type { ChartVersion } from "./chart-version.ts";
import { compareTimes } from "./go-time.ts";

/**
 * The version of an index that `wanted` means: the very text first, else the highest that fits the constraint; among equal ones the newest, and of equally old
 * ones the one that is listed last. `versions` is undefined where the index has no such chart. Source: reference 1.5; source-controller, GetChartVersion.
 */
export function chooseFromIndex(versions: readonly ChartVersion[] | undefined, name: string, wanted: string): Result<ChartVersion> {
  if (versions === undefined) return problem("no chart name found");
  if (versions.length === 0) return problem("no chart version found");
  const exact = wanted === "" ? undefined : versions.find(({ version }) => version === wanted);
  if (exact !== undefined) return ok(exact);
  const range = rangeOf(wanted);
  if (!range.ok) return range;
  const matching = versions.flatMap((entry) => matchOf(entry, entry.version, range.value));
  const best = matching.toReversed().toSorted((a, b) => compareVersions(b.version, a.version) || compareTimes(b.value.created, a.value.created))[0];
  return best === undefined ? problem(`no '${name}' chart with version matching '${wanted}' found`) : ok(best.value);
}

/** True for what names one version: it is pulled by its tag, and no tags are listed. Source: reference 1.5. */
export const isPlainVersion = (wanted: string): boolean => parseVersion(wanted) !== undefined;

/** The tag that `wanted` means, `+` where the registry has `_`. Source: source-controller, getLastMatchingVersionOrConstraint. */
export function chooseFromTags(tags: readonly string[], wanted: string): Result<string> {
  if (wanted !== "" && tags.includes(wanted)) return ok(wanted);
  const range = rangeOf(wanted);
  if (!range.ok) return range;
  const matching = tags.flatMap((tag) => matchOf(tag, tag, range.value));
  const best = matching.toSorted((a, b) => compareVersions(b.version, a.version))[0];
  return best === undefined ? problem(`could not locate a version matching provided version string ${wanted}`) : ok(best.value);
}

const rangeOf = (wanted: string): Result<VersionRange> => parseRange(wanted === "" ? "*" : wanted);

function matchOf<Value>(value: Value, text: string, range: VersionRange): readonly { readonly value: Value; readonly version: Version }[] {
  const version = parseVersion(text);
  return version === undefined || !isInRange(range, version) ? [] : [{ value, version }];
}
