import type { HelmStoredRelease } from "../../domain/helm-release.ts";
import type { Manifest, ObjectRef } from "../../domain/manifest.ts";
import { problem } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster, Refusal } from "../../ports/cluster.ts";
import { formatReleaseSecret, parseReleaseSecret, type ReleaseSecret, releaseSecretName, releaseSelector } from "../../release/secret.ts";

/** Who writes Helm's Secrets and what releases apply, in `managedFields`. Recorded: every scenario of area helm. */
export const HELM_MANAGER = "helm-controller";

export type FindAnswer =
  | { readonly kind: "found"; readonly secret: ReleaseSecret }
  | { readonly kind: "absent" }
  /** The server refused, or the Secret is none of Helm's; in the words of Helm's storage. */
  | { readonly kind: "failed"; readonly message: string };

export type ListAnswer = { readonly kind: "listed"; readonly secrets: readonly ReleaseSecret[] } | { readonly kind: "failed"; readonly message: string };

export type StoreAnswer =
  | { readonly kind: "stored"; readonly secret: ReleaseSecret }
  /** Somebody else has made this revision meanwhile (create), or it is gone (update). */
  | { readonly kind: "exists" | "absent"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };

/** Helm's storage of one release. */
export type ReleaseStorage = {
  read(version: number): Promise<FindAnswer>;
  /** The newest revision; `known`: the newest that we know of, from which on each is asked for until one is absent. Without it all are listed. */
  latest(known?: number): Promise<FindAnswer>;
  /** All revisions, or those of one status, oldest first. */
  list(status?: HelmStoredRelease["info"]["status"]): Promise<ListAnswer>;
  create(secret: ReleaseSecret): Promise<StoreAnswer>;
  /** Whatever stands there is replaced, as Helm does. */
  update(secret: ReleaseSecret): Promise<StoreAnswer>;
  /** What is gone already counts as deleted. */
  remove(version: number): Promise<{ readonly kind: "removed" } | { readonly kind: "failed"; readonly message: string }>;
};

export type StoragePlace = { readonly releaseName: string; readonly storageNamespace: string };

/** By the requests that Helm makes and no others, so that the rights that suffice for Helm suffice for us. Source: Helm 4, pkg/storage/driver/secrets.go. */
export function createReleaseStorage(cluster: Cluster, { releaseName, storageNamespace }: StoragePlace, clock: Clock): ReleaseStorage {
  const refOf = (version: number): ObjectRef => ({
    apiVersion: "v1",
    kind: "Secret",
    namespace: storageNamespace,
    name: releaseSecretName(releaseName, version),
  });

  async function read(version: number): Promise<FindAnswer> {
    const name = releaseSecretName(releaseName, version);
    const answer = await cluster.get(refOf(version));
    if (answer.kind === "absent") return answer;
    if (answer.kind === "refused") return failed(`get: failed to get ${JSON.stringify(name)}`, answer);
    const secret = ownSecret(answer.object);
    return secret.ok
      ? { kind: "found", secret: secret.value }
      : { kind: "failed", message: `get: failed to decode data ${JSON.stringify(name)}: ${secret.problem}` };
  }

  /** Who says in a release that it is another one would have that overwritten by us, since it is stored under the name that it says. Helm believes it. */
  function ownSecret(object: Manifest): ReturnType<typeof parseReleaseSecret> {
    const secret = parseReleaseSecret(object);
    if (!secret.ok) return secret;
    const { name, version } = secret.value.release;
    const isOwn = name === releaseName && object.metadata.name === releaseSecretName(name, version);
    return isOwn ? secret : problem(`Secret ${object.metadata.name}: the release in it says that it is another one`);
  }

  async function latest(known?: number): Promise<FindAnswer> {
    if (known === undefined) return newest();
    const first = await read(known);
    // Its Secret was deleted: whatever else there is counts.
    if (first.kind === "absent") return newest();
    let found = first;
    for (let version = known + 1; found.kind === "found"; version++) {
      const next = await read(version);
      if (next.kind === "absent") return found;
      found = next;
    }
    return found;
  }

  async function newest(): Promise<FindAnswer> {
    const answer = await list();
    if (answer.kind === "failed") return answer;
    const secret = answer.secrets.at(-1);
    return secret === undefined ? { kind: "absent" } : { kind: "found", secret };
  }

  /** What is in a Secret with these labels and cannot be read is passed over, as Helm does. */
  async function list(status?: string): Promise<ListAnswer> {
    const labelSelector = releaseSelector(releaseName) + (status === undefined ? "" : `,status=${status}`);
    const answer = await cluster.list({ apiVersion: "v1", kind: "Secret", namespace: storageNamespace, labelSelector });
    if (answer.kind === "refused") return failed("query: failed to query with labels", answer);
    const secrets = answer.items.flatMap((item) => {
      const secret = ownSecret(item);
      return secret.ok ? [secret.value] : [];
    });
    return { kind: "listed", secrets: secrets.toSorted((a, b) => a.release.version - b.release.version) };
  }

  async function create(secret: ReleaseSecret): Promise<StoreAnswer> {
    const { resourceVersion: _another, ...made } = secret;
    const manifest = formatReleaseSecret(made, storageNamespace, { createdAt: clock.now() });
    const answer = await cluster.create(manifest, { manager: HELM_MANAGER });
    if (answer.kind === "refused") return failed("create: failed to create", answer);
    if (answer.kind === "created") return stored(secret, answer.object);
    // A request that was repeated because nobody had heard its answer finds its own work.
    const present = await cluster.get(refOf(secret.release.version));
    const isOurs = present.kind === "found" && JSON.stringify(present.object.data) === JSON.stringify(manifest.data);
    return isOurs ? stored(secret, present.object) : { kind: "exists", message: "release: already exists" };
  }

  async function update(secret: ReleaseSecret): Promise<StoreAnswer> {
    const { resourceVersion: _whatever, ...rest } = secret;
    const answer = await cluster.replace(formatReleaseSecret(rest, storageNamespace, { modifiedAt: clock.now() }), { manager: HELM_MANAGER });
    switch (answer.kind) {
      case "refused":
        return failed("update: failed to update", answer);
      case "stale":
        return { kind: "failed", message: "update: failed to update: the object has been modified" };
      case "absent":
        return { kind: "absent", message: `update: failed to update: ${answer.message}` };
      case "replaced":
        return stored(secret, answer.object);
    }
  }

  async function remove(version: number): ReturnType<ReleaseStorage["remove"]> {
    const answer = await cluster.delete(refOf(version), { propagation: "Background" });
    return answer.kind === "refused" ? { kind: "failed", message: answer.message } : { kind: "removed" };
  }

  return { read, latest, list, create, update, remove };
}

const failed = (what: string, { message }: Refusal): { readonly kind: "failed"; readonly message: string } => ({
  kind: "failed",
  message: `${what}: ${message}`,
});

function stored(secret: ReleaseSecret, { metadata }: Manifest): StoreAnswer {
  const { uid, resourceVersion } = metadata;
  return { kind: "stored", secret: { ...secret, ...(uid !== undefined && { uid }), ...(resourceVersion !== undefined && { resourceVersion }) } };
}

/**
 * The revisions that go so that a new one finds its place among at most `maxHistory`: the oldest, but never the newest that is deployed. 0: none.
 * Source: Helm 4, pkg/storage, removeLeastRecent.
 */
export function leastRecent(oldestFirst: readonly HelmStoredRelease[], maxHistory: number): readonly number[] {
  if (maxHistory <= 0) return [];
  const surplus = oldestFirst.length - (maxHistory - 1);
  if (surplus <= 0) return [];
  const deployed = oldestFirst.findLast(({ info }) => info.status === "deployed");
  return oldestFirst
    .filter(({ version }) => version !== deployed?.version)
    .slice(0, surplus)
    .map(({ version }) => version);
}
