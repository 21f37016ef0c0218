import { parseLooseVersion } from "../../build/helm/chart/loose-version.ts";
import { compareVersions } from "../semver.ts";

/** Order of versions that may lack their last numbers; what is no version comes before all others. Source: Helm 4, ChartVersions.Less. */
export function compareLoose(a: string, b: string): number {
  const left = parseLooseVersion(a);
  const right = parseLooseVersion(b);
  if (left === undefined || right === undefined) return (left === undefined ? 0 : 1) - (right === undefined ? 0 : 1);
  return compareVersions(left, right);
}
