import { age, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { commonMetadata, condition, objectName } from "./meta.ts";
import { list, oneOf, optional, type Read, rules, shape, text } from "./schema.ts";

/** Source: reference 1.8. */
const spec = shape(
  {
    artifacts: list(
      shape({
        copy: list(
          shape({
            exclude: optional(list(text({ maxLength: 1024 }), { maxItems: 100 })),
            from: text({ maxLength: 1024, minLength: 1, pattern: "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)/(.*)$" }),
            strategy: optional(oneOf(["Overwrite", "Merge", "Extract"])),
            to: text({
              maxLength: 1024,
              minLength: 1,
              pattern: "^@artifact/([^/]{0,1}|[^./][^/]|[.][^./]|[^/]{3,})(/([^/]{0,1}|[^./][^/]|[.][^./]|[^/]{3,}))*$",
            }),
          }),
          { minItems: 1 },
        ),
        name: objectName(),
        originRevision: optional(text({ maxLength: 64, pattern: "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)$" })),
        revision: optional(text({ maxLength: 64, pattern: "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)$" })),
      }),
      { maxItems: 1000, minItems: 1 },
    ),
    commonMetadata: optional(commonMetadata()),
    pathPattern: optional(text({ maxLength: 1024, pattern: "^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)/(.*)$" })),
    sources: list(
      shape({
        alias: text({ maxLength: 63, pattern: "^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$" }),
        kind: oneOf(["Bucket", "GitRepository", "OCIRepository", "HelmChart", "ExternalArtifact"]),
        name: text({ maxLength: 253, pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$" }),
        namespace: optional(text({ maxLength: 63, minLength: 1, pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" })),
      }),
      { maxItems: 1000, minItems: 1 },
    ),
  },
  rules({
    rule: "has(self.pathPattern) && size(self.pathPattern) > 0 || self.artifacts.all(a, a.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'))",
    message: "artifact names must be valid Kubernetes object names when pathPattern is not set",
  }),
);

const status = shape({
  conditions: optional(list(condition())),
  inventory: optional(
    list(
      shape({
        digest: text(),
        filename: text(),
        name: text(),
        namespace: text(),
      }),
    ),
  ),
  lastHandledReconcileAt: optional(text()),
  observedSourcesDigest: optional(text()),
});

/** ArtifactGenerator as the API server keeps it. */
export type ArtifactGeneratorSpec = Read<typeof spec>;
export type ArtifactGeneratorStatus = Read<typeof status>;

export const artifactGenerator: KindSchema = {
  ...KINDS.ArtifactGenerator,
  shortNames: ["ag"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  columns: [age, ready, readyMessage],
  description: "Makes artifacts out of the files of others.",
  spec,
  status,
  startsUnobserved: false,
  substitutionDisabled: true,
};
