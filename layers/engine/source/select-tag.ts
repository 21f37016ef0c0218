import { compareVersions, isInRange, parseVersion, type Version, type VersionRange } from "./semver.ts";

type Named = { readonly name: string };

/**
 * The tags with the highest version in `range`. More than one when versions are equal (`v1.0.0` and `1.0.0+build`): the caller then takes
 * that with the newest commit. Tags that are no versions do not count. Source: reference 1.2.
 */
export function highestTags<Tag extends Named>(tags: readonly Tag[], range: VersionRange): readonly Tag[] {
  let best: { readonly version: Version; readonly tags: readonly Tag[] } | undefined;
  for (const tag of tags) {
    const version = parseVersion(tag.name);
    if (version === undefined || !isInRange(range, version)) continue;
    const order = best === undefined ? 1 : compareVersions(version, best.version);
    if (order > 0) best = { version, tags: [tag] };
    else if (order === 0 && best !== undefined) best = { version, tags: [...best.tags, tag] };
  }
  return best?.tags ?? [];
}
