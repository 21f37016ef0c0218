import { age, column, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { accessFrom, artifact, localReference, observed } from "./meta.ts";
import { duration, flag, oneOf, optional, type Read, shape, shortDuration, text } from "./schema.ts";

/** Source: reference 1.4. */
const spec = shape({
  accessFrom: optional(accessFrom()),
  certSecretRef: optional(localReference()),
  insecure: optional(flag()),
  interval: optional(duration()),
  passCredentials: optional(flag()),
  provider: optional(oneOf(["generic", "aws", "azure", "gcp"], { default: "generic" })),
  secretRef: optional(localReference()),
  suspend: optional(flag()),
  timeout: optional(shortDuration()),
  type: optional(oneOf(["default", "oci"])),
  url: text({ pattern: "^(http|https|oci)://.*$" }),
});

const status = shape({
  artifact: optional(artifact()),
  ...observed(),
  lastHandledReconcileAt: optional(text()),
  url: optional(text()),
});

/** HelmRepository as the API server keeps it. */
export type HelmRepositorySpec = Read<typeof spec>;
export type HelmRepositoryStatus = Read<typeof status>;

export const helmRepository: KindSchema = {
  ...KINDS.HelmRepository,
  shortNames: ["helmrepo"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  columns: [column("URL", ".spec.url"), age, ready, readyMessage],
  description: "A Helm repository whose index is kept as an artifact, or an OCI registry of charts.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: true,
};
