import { age, column, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { artifact, localReference, observed, oidcIdentity } from "./meta.ts";
import { duration, flag, list, oneOf, optional, type Read, shape, shortDuration, text } from "./schema.ts";

/** Source: reference 1.3. */
const spec = shape({
  certSecretRef: optional(localReference()),
  ignore: optional(text()),
  insecure: optional(flag()),
  interval: duration(),
  layerSelector: optional(
    shape({
      mediaType: optional(text()),
      operation: optional(oneOf(["extract", "copy"])),
    }),
  ),
  provider: optional(oneOf(["generic", "aws", "azure", "gcp"], { default: "generic" })),
  proxySecretRef: optional(localReference()),
  ref: optional(
    shape({
      digest: optional(text()),
      semver: optional(text()),
      semverFilter: optional(text()),
      tag: optional(text()),
    }),
  ),
  secretRef: optional(localReference()),
  serviceAccountName: optional(text()),
  suspend: optional(flag()),
  timeout: optional(shortDuration({ default: "60s" })),
  url: text({ pattern: "^oci://.*$" }),
  verify: optional(
    shape({
      matchOIDCIdentity: optional(list(oidcIdentity())),
      provider: oneOf(["cosign", "notation"], { default: "cosign" }),
      secretRef: optional(localReference()),
      trustedRootSecretRef: optional(localReference()),
    }),
  ),
});

const status = shape({
  artifact: optional(artifact()),
  ...observed(),
  lastHandledReconcileAt: optional(text()),
  observedIgnore: optional(text()),
  observedLayerSelector: optional(
    shape({
      mediaType: optional(text()),
      operation: optional(oneOf(["extract", "copy"])),
    }),
  ),
  url: optional(text()),
});

/** OCIRepository as the API server keeps it. */
export type OCIRepositorySpec = Read<typeof spec>;
export type OCIRepositoryStatus = Read<typeof status>;

export const ociRepository: KindSchema = {
  ...KINDS.OCIRepository,
  shortNames: ["ocirepo"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  columns: [column("URL", ".spec.url"), ready, readyMessage, age],
  description: "An artifact in an OCI registry that is kept for the appliers.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: true,
};
