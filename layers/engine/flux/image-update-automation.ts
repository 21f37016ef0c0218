import { age, column, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { localReference, observed } from "./meta.ts";
import { dateTime, duration, flag, list, mapOf, oneOf, optional, type Read, shape, text, textMap } from "./schema.ts";

/** Source: reference 5.3. */
const spec = shape({
  git: optional(
    shape({
      checkout: optional(
        shape({
          ref: shape({
            branch: optional(text()),
            commit: optional(text()),
            name: optional(text()),
            semver: optional(text()),
            tag: optional(text()),
          }),
        }),
      ),
      commit: shape({
        author: shape({
          email: text(),
          name: optional(text()),
        }),
        messageTemplate: optional(text()),
        messageTemplateValues: optional(textMap()),
        signingKey: optional(
          shape({
            secretRef: localReference(),
            type: optional(oneOf(["gpg", "ssh"])),
          }),
        ),
      }),
      push: optional(
        shape({
          branch: optional(text()),
          options: optional(textMap()),
          refspec: optional(text({ pattern: "^$|^[^+:]" })),
        }),
      ),
    }),
  ),
  interval: duration(),
  policySelector: optional(
    shape(
      {
        matchExpressions: optional(
          list(
            shape({
              key: text(),
              operator: text(),
              values: optional(list(text(), { "x-kubernetes-list-type": "atomic" })),
            }),
            { "x-kubernetes-list-type": "atomic" },
          ),
        ),
        matchLabels: optional(textMap()),
      },
      { "x-kubernetes-map-type": "atomic" },
    ),
  ),
  sourceRef: shape({
    apiVersion: optional(text()),
    kind: oneOf(["GitRepository"], { default: "GitRepository" }),
    name: text(),
    namespace: optional(text()),
  }),
  suspend: optional(flag()),
  update: optional(
    shape(
      {
        path: optional(text()),
        strategy: optional(oneOf(["Setters"], { default: "Setters" })),
      },
      { default: { strategy: "Setters" } },
    ),
  ),
});

const status = shape({
  ...observed(),
  lastAutomationRunTime: optional(dateTime()),
  lastHandledReconcileAt: optional(text()),
  lastPushCommit: optional(text()),
  lastPushTime: optional(dateTime()),
  observedPolicies: optional(
    mapOf(
      shape({
        digest: optional(text()),
        name: text(),
        tag: text(),
      }),
    ),
  ),
  observedSourceRevision: optional(text()),
});

/** ImageUpdateAutomation as the API server keeps it. */
export type ImageUpdateAutomationSpec = Read<typeof spec>;
export type ImageUpdateAutomationStatus = Read<typeof status>;

export const imageUpdateAutomation: KindSchema = {
  ...KINDS.ImageUpdateAutomation,
  shortNames: ["iua", "imgupd", "imgauto"],
  categories: ["all", "fluxcd", "fluxcd-images"],
  columns: [ready, readyMessage, column("Last run", ".status.lastAutomationRunTime", 1), age],
  description: "Commits new image tags to a Git repository.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: true,
};
