import type { ReleaseSecret } from "../../../release/secret.ts";
import { ownedResource } from "./ownership.ts";
import type { Resource } from "./resources.ts";
import { type Run, resourcesOf, StorageProblem } from "./run.ts";

/** The revision that the new one takes the place of. Somebody may have deleted its Secret since. */
export async function originalOf(run: Run, { progress }: ReleaseSecret): Promise<ReleaseSecret | undefined> {
  const version = progress?.from;
  if (typeof version !== "number") return undefined;
  const found = await run.storage.read(version);
  if (found.kind === "failed") throw new StorageProblem(found.message);
  return found.kind === "found" ? found.secret : undefined;
}

/** The objects of the revision before; kinds that the cluster has no more were refused when the action began. */
export async function originalObjects(run: Run, original: ReleaseSecret | undefined): Promise<readonly Resource[]> {
  if (original === undefined) return [];
  const found = await resourcesOf(run, original.release.manifest, original.release.namespace);
  return found.ok ? found.value.map((resource) => ownedResource(resource, original.release)) : [];
}
