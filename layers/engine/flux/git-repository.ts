import { age, column, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { artifact, localReference, observed } from "./meta.ts";
import { duration, flag, list, oneOf, optional, type Read, rules, shape, shortDuration, text } from "./schema.ts";

const include = () => shape({ fromPath: optional(text()), repository: localReference(), toPath: optional(text()) });

/** Source: reference 1.2. */
const spec = shape(
  {
    ignore: optional(text()),
    include: optional(list(include())),
    interval: duration(),
    provider: optional(oneOf(["generic", "aws", "azure", "github"])),
    proxySecretRef: optional(localReference()),
    recurseSubmodules: optional(flag()),
    ref: optional(
      shape({
        branch: optional(text()),
        commit: optional(text()),
        name: optional(text()),
        semver: optional(text()),
        tag: optional(text()),
      }),
    ),
    secretRef: optional(localReference()),
    serviceAccountName: optional(text()),
    sparseCheckout: optional(list(text())),
    suspend: optional(flag()),
    timeout: optional(shortDuration({ default: "60s" })),
    url: text({ pattern: "^(http|https|ssh)://.*$" }),
    verify: optional(
      shape({
        mode: optional(oneOf(["head", "HEAD", "Tag", "TagAndHEAD"], { default: "HEAD" })),
        secretRef: localReference(),
      }),
    ),
  },
  rules({
    rule: "!has(self.serviceAccountName) || (has(self.provider) && (self.provider == 'azure' || self.provider == 'aws'))",
    message: "serviceAccountName can only be set when provider is 'azure' or 'aws'",
  }),
);

const status = shape({
  artifact: optional(artifact()),
  ...observed(),
  includedArtifacts: optional(list(artifact())),
  lastHandledReconcileAt: optional(text()),
  observedIgnore: optional(text()),
  observedInclude: optional(list(include())),
  observedRecurseSubmodules: optional(flag()),
  observedSparseCheckout: optional(list(text())),
  sourceVerificationMode: optional(text()),
});

/** GitRepository as the API server keeps it. */
export type GitRepositorySpec = Read<typeof spec>;
export type GitRepositoryStatus = Read<typeof status>;

export const gitRepository: KindSchema = {
  ...KINDS.GitRepository,
  shortNames: ["gitrepo"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  columns: [column("URL", ".spec.url"), age, ready, readyMessage],
  description: "A Git repository whose content is kept as an artifact.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: true,
};
