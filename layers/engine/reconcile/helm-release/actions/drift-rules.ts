import { annotationOf, labelOf, type Manifest } from "../../../domain/manifest.ts";
import { ok, type Result } from "../../../domain/result.ts";
import { type IgnoreSpec, ignoredPaths, parseIgnoreRules } from "../../../plan/ignore.ts";
import type { Pointer } from "../../../plan/json-pointer.ts";

/** What `spec.driftDetection.ignore` and marks on objects take out of the search for drift. */
export type DriftRules = {
  /** The object as a whole. */
  isExcluded(manifest: Manifest): boolean;
  ignored(manifest: Manifest): readonly Pointer[];
};

const MARK = "helm.toolkit.fluxcd.io/driftDetection";
const DISABLED = "disabled";
/** The pointer to an object as a whole. */
const ROOT = "";

/** Source: reference 3.7. */
export function parseDriftRules(ignore: readonly IgnoreSpec[]): Result<DriftRules> {
  const wholes = parseIgnoreRules(ignore.filter(({ paths }) => paths.includes(ROOT)).map((rule) => ({ ...rule, paths: [] })));
  const rules = parseIgnoreRules(ignore.map(({ paths, ...rule }) => ({ ...rule, paths: paths.filter((path) => path !== ROOT) })));
  if (!wholes.ok) return wholes;
  if (!rules.ok) return rules;
  return ok({
    isExcluded: (manifest) =>
      annotationOf(manifest, MARK) === DISABLED || labelOf(manifest, MARK) === DISABLED || wholes.value.some(({ matches }) => matches(manifest)),
    ignored: (manifest) => ignoredPaths(rules.value, manifest),
  });
}
