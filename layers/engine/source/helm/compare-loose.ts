import { parseLooseVersion } from "../loose-version.ts";
import { compareVersions } from "../semver.ts";

/** Order of versions that may lack their last numbers; what is no version comes before all others. Source: Helm 4, ChartVersions.Less. */
export function compareLoose(a: string, b: string): number {
  const left = parseLooseVersion(a);
  const right = parseLooseVersion(b);
  return left.ok && right.ok ? compareVersions(left.value, right.value) : Number(left.ok) - Number(right.ok);
}
