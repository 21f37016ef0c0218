import type { HelmStoredRelease } from "../domain/helm-release.ts";
import { isObject, type Json } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import type { EpochMs } from "../domain/time.ts";
import { decodeRelease, encodeRelease } from "./codec.ts";
import { formatProgress, PROGRESS_ANNOTATION, parseProgress, type ReleaseProgress } from "./progress.ts";

/** A release with what stands beside it on its Secret. */
export type ReleaseSecret = {
  readonly release: HelmStoredRelease;
  /** Ours, and how far it is; absent: the release is at rest, or somebody else's. */
  readonly progress?: ReleaseProgress;
  /** Labels that users gave it (`helm install --labels`); those of Helm are not among them. */
  readonly labels: { readonly [key: string]: string };
  /** Absent as long as it is not in the cluster. */
  readonly uid?: string;
  readonly resourceVersion?: string;
};

/** Source: Helm 4, pkg/storage/driver/labels.go. */
const HELM_LABELS: readonly string[] = ["name", "owner", "status", "version", "createdAt", "modifiedAt"];

const TYPE = "helm.sh/release.v1";

export const releaseSecretName = (name: string, version: number): string => `sh.helm.release.v1.${name}.v${version}`;

/** Every release of the name, as Helm asks for them. */
export const releaseSelector = (name: string): string => `name=${name},owner=helm`;

/** `createdAt` is the label of a Secret that is new, `modifiedAt` of one that is replaced. Source: Helm 4, pkg/storage/driver/secrets.go. */
export type SecretTime = { readonly createdAt: EpochMs } | { readonly modifiedAt: EpochMs };

/** Helm's Secret for the release, in the namespace where releases are kept. */
export function formatReleaseSecret(secret: ReleaseSecret, namespace: string, time: SecretTime): Manifest {
  const { release, progress, labels, resourceVersion } = secret;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: releaseSecretName(release.name, release.version),
      namespace,
      labels: {
        ...labels,
        ...("createdAt" in time ? { createdAt: unixSeconds(time.createdAt) } : { modifiedAt: unixSeconds(time.modifiedAt) }),
        name: release.name,
        owner: "helm",
        status: release.info.status,
        version: String(release.version),
      },
      ...(progress !== undefined && { annotations: { [PROGRESS_ANNOTATION]: formatProgress(progress) } }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    type: TYPE,
    data: { release: Buffer.from(encodeRelease(release)).toString("base64") },
  };
}

/** The release in one of Helm's Secrets, or why there is none in it. */
export function parseReleaseSecret(secret: Manifest): Result<ReleaseSecret> {
  const { labels = {}, annotations = {}, uid, resourceVersion } = secret.metadata;
  const data = secret.data as Json | undefined; // the server's own answer
  const text = isObject(data) ? data.release : undefined;
  if (typeof text !== "string") return problem(`Secret ${secret.metadata.name} has no key release`);
  const release = decodeRelease(Buffer.from(text, "base64").toString("latin1"));
  if (!release.ok) return problem(`Secret ${secret.metadata.name}: ${release.problem}`);
  const progress = parseProgress(annotations[PROGRESS_ANNOTATION]);
  return ok({
    release: release.value,
    labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !HELM_LABELS.includes(key))),
    ...(progress !== undefined && { progress }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  });
}

const unixSeconds = (moment: EpochMs): string => String(Math.floor(moment / 1000));
