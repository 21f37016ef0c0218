import { age, column, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { accessFrom, localReference, observed } from "./meta.ts";
import { dateTime, duration, flag, list, oneOf, optional, type Read, shape, shortDuration, text, whole } from "./schema.ts";

/** Source: reference 5.1. */
const spec = shape({
  accessFrom: optional(accessFrom()),
  certSecretRef: optional(localReference()),
  exclusionList: optional(list(text(), { default: ["^.*\\.sig$"], maxItems: 25 })),
  image: text(),
  insecure: optional(flag()),
  interval: duration(),
  provider: optional(oneOf(["generic", "aws", "azure", "gcp"], { default: "generic" })),
  proxySecretRef: optional(localReference()),
  secretRef: optional(localReference()),
  serviceAccountName: optional(text({ maxLength: 253 })),
  suspend: optional(flag()),
  timeout: optional(shortDuration()),
});

const status = shape({
  canonicalImageName: optional(text()),
  ...observed(),
  lastHandledReconcileAt: optional(text()),
  lastScanResult: optional(
    shape({
      latestTags: optional(list(text())),
      revision: optional(text()),
      scanTime: optional(dateTime()),
      tagCount: whole(),
    }),
  ),
  observedExclusionList: optional(list(text())),
});

/** ImageRepository as the API server keeps it. */
export type ImageRepositorySpec = Read<typeof spec>;
export type ImageRepositoryStatus = Read<typeof status>;

export const imageRepository: KindSchema = {
  ...KINDS.ImageRepository,
  shortNames: ["imgrepo", "imagerepo"],
  categories: ["all", "fluxcd", "fluxcd-images"],
  columns: [
    column("Image", ".spec.image"),
    column("Tags", ".status.lastScanResult.tagCount"),
    ready,
    readyMessage,
    column("Last scan", ".status.lastScanResult.scanTime", 1),
    age,
  ],
  description: "An image whose tags are looked up.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: false,
};
