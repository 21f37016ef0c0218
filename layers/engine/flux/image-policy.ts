import { age, column, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { namespacedReference, observed } from "./meta.ts";
import { duration, flag, oneOf, optional, type Read, rules, shape, text } from "./schema.ts";

/** Source: reference 5.2. */
const spec = shape(
  {
    digestReflectionPolicy: optional(oneOf(["Always", "IfNotPresent", "Never"], { default: "Never" })),
    filterTags: optional(
      shape({
        extract: optional(text()),
        pattern: optional(text()),
      }),
    ),
    imageRepositoryRef: namespacedReference(),
    interval: optional(duration()),
    policy: shape({
      alphabetical: optional(
        shape({
          order: optional(oneOf(["asc", "desc"], { default: "asc" })),
        }),
      ),
      numerical: optional(
        shape({
          order: optional(oneOf(["asc", "desc"], { default: "asc" })),
        }),
      ),
      semver: optional(
        shape({
          range: text(),
        }),
      ),
    }),
    suspend: optional(flag()),
  },
  rules(
    {
      rule: "!has(self.interval) || (has(self.digestReflectionPolicy) && self.digestReflectionPolicy == 'Always')",
      message: "spec.interval is only accepted when spec.digestReflectionPolicy is set to 'Always'",
    },
    {
      rule: "has(self.interval) || !has(self.digestReflectionPolicy) || self.digestReflectionPolicy != 'Always'",
      message: "spec.interval must be set when spec.digestReflectionPolicy is set to 'Always'",
    },
  ),
);

const status = shape({
  ...observed(),
  lastHandledReconcileAt: optional(text()),
  latestRef: optional(
    shape({
      digest: optional(text()),
      name: text(),
      tag: text(),
    }),
  ),
  observedPreviousRef: optional(
    shape({
      digest: optional(text()),
      name: text(),
      tag: text(),
    }),
  ),
});

/** ImagePolicy as the API server keeps it. */
export type ImagePolicySpec = Read<typeof spec>;
export type ImagePolicyStatus = Read<typeof status>;

export const imagePolicy: KindSchema = {
  ...KINDS.ImagePolicy,
  shortNames: ["imgpol", "imagepol"],
  categories: ["all", "fluxcd", "fluxcd-images"],
  columns: [column("Image", ".status.latestRef.name"), column("Tag", ".status.latestRef.tag"), ready, readyMessage, age],
  description: "Which of an image's tags is the latest.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: false,
};
