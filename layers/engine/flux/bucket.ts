import { age, column, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { artifact, localReference, observed } from "./meta.ts";
import { duration, flag, oneOf, optional, type Read, rules, shape, shortDuration, text } from "./schema.ts";

/** Source: reference 1.6. */
const spec = shape(
  {
    bucketName: text(),
    certSecretRef: optional(localReference()),
    endpoint: text(),
    ignore: optional(text()),
    insecure: optional(flag()),
    interval: duration(),
    prefix: optional(text()),
    provider: optional(oneOf(["generic", "aws", "gcp", "azure"], { default: "generic" })),
    proxySecretRef: optional(localReference()),
    region: optional(text()),
    secretRef: optional(localReference()),
    serviceAccountName: optional(text()),
    sts: optional(
      shape({
        certSecretRef: optional(localReference()),
        endpoint: text({ pattern: "^(http|https)://.*$" }),
        provider: oneOf(["aws", "ldap"]),
        secretRef: optional(localReference()),
      }),
    ),
    suspend: optional(flag()),
    timeout: optional(shortDuration({ default: "60s" })),
  },
  rules(
    {
      rule: "self.provider == 'aws' || self.provider == 'generic' || !has(self.sts)",
      message: "STS configuration is only supported for the 'aws' and 'generic' Bucket providers",
    },
    {
      rule: "self.provider != 'aws' || !has(self.sts) || self.sts.provider == 'aws'",
      message: "'aws' is the only supported STS provider for the 'aws' Bucket provider",
    },
    {
      rule: "self.provider != 'generic' || !has(self.sts) || self.sts.provider == 'ldap'",
      message: "'ldap' is the only supported STS provider for the 'generic' Bucket provider",
    },
    {
      rule: "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.secretRef)",
      message: "spec.sts.secretRef is not required for the 'aws' STS provider",
    },
    {
      rule: "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.certSecretRef)",
      message: "spec.sts.certSecretRef is not required for the 'aws' STS provider",
    },
    { rule: "self.provider != 'generic' || !has(self.serviceAccountName)", message: "ServiceAccountName is not supported for the 'generic' Bucket provider" },
    { rule: "!has(self.secretRef) || !has(self.serviceAccountName)", message: "cannot set both .spec.secretRef and .spec.serviceAccountName" },
  ),
);

const status = shape({
  artifact: optional(artifact()),
  ...observed(),
  lastHandledReconcileAt: optional(text()),
  observedIgnore: optional(text()),
  url: optional(text()),
});

/** Bucket as the API server keeps it. */
export type BucketSpec = Read<typeof spec>;
export type BucketStatus = Read<typeof status>;

export const bucket: KindSchema = {
  ...KINDS.Bucket,
  shortNames: [],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  columns: [column("Endpoint", ".spec.endpoint"), age, ready, readyMessage],
  description: "A bucket of an object store whose content is kept as an artifact.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: true,
};
