import { ok, problem, type Result } from "../../domain/result.ts";
import { parseLooseVersion } from "../loose-version.ts";
import { commitOf } from "../revision.ts";

const SHORT = 12;

/** A version with build metadata, whatever it had: `1.2` and `3` are `1.2.0+3`. Source: source-controller, setBuildMetaData. */
export function withBuildMetadata(version: string, metadata: string): Result<string> {
  const parsed = parseLooseVersion(version);
  if (!parsed.ok) return problem(`failed to parse version from chart metadata as SemVer: ${parsed.problem}`);
  const { major, minor, patch, pre } = parsed.value;
  return ok(`${major}.${minor}.${patch}${pre === "" ? "" : `-${pre}`}+${metadata}`);
}

/** The beginning of what a source's revision is by its content: of a commit or a digest. Source: reference 1.5. */
export const shortRevision = (revision: string): string => (commitOf(revision) ?? revision.replace(/^.*:/, "")).slice(0, SHORT);

/** What is added to a chart's version so that its revision changes when its content does; `""` for nothing. Source: reference 1.5. */
export function metadataSuffix({
  revision,
  valuesFiles,
  generation,
}: {
  revision: string | undefined;
  valuesFiles: readonly string[];
  generation: number;
}): string {
  const parts = [...(revision === undefined ? [] : [shortRevision(revision)]), ...(valuesFiles.length > 0 ? [String(generation)] : [])];
  return parts.join(".");
}
