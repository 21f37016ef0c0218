import { age, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { localReference, notifiableKind, objectName, observed } from "./meta.ts";
import { duration, flag, list, oneOf, optional, type Read, rules, shape, text, textMap } from "./schema.ts";

/** Source: reference 4.4. */
const spec = shape(
  {
    events: optional(list(text())),
    interval: optional(duration({ default: "10m" })),
    oidcProviders: optional(
      list(
        shape({
          audience: optional(text()),
          issuerURL: text({ pattern: "^https?://" }),
          validations: list(
            shape({
              expression: text(),
              message: text(),
            }),
            { minItems: 1 },
          ),
          variables: optional(
            list(
              shape({
                expression: text(),
                name: text(),
              }),
            ),
          ),
        }),
        { "x-kubernetes-list-map-keys": ["issuerURL"], "x-kubernetes-list-type": "map" },
      ),
    ),
    resourceFilter: optional(text()),
    resources: list(
      shape({
        apiVersion: optional(text()),
        filter: optional(text()),
        kind: notifiableKind(),
        matchLabels: optional(textMap()),
        name: objectName(),
        namespace: optional(objectName()),
      }),
    ),
    secretRef: optional(localReference()),
    suspend: optional(flag()),
    type: oneOf(["generic", "generic-hmac", "generic-oidc", "github", "gitlab", "bitbucket", "harbor", "dockerhub", "quay", "gcr", "nexus", "acr", "cdevents"]),
  },
  rules(
    {
      rule: "self.type != 'generic-oidc' || (has(self.oidcProviders) && size(self.oidcProviders) > 0)",
      message: "generic-oidc receivers must define at least one oidcProvider",
    },
    {
      rule: "self.type == 'generic-oidc' || !has(self.oidcProviders) || size(self.oidcProviders) == 0",
      message: "oidcProviders can only be set when type is generic-oidc",
    },
    { rule: "self.type != 'generic-oidc' || !has(self.secretRef)", message: "secretRef cannot be set when type is generic-oidc" },
    { rule: "self.type == 'generic-oidc' || has(self.secretRef)", message: "secretRef is required when type is not generic-oidc" },
  ),
);

const status = shape({
  ...observed(),
  lastHandledReconcileAt: optional(text()),
  webhookPath: optional(text()),
});

/** Receiver as the API server keeps it. */
export type ReceiverSpec = Read<typeof spec>;
export type ReceiverStatus = Read<typeof status>;

export const receiver: KindSchema = {
  ...KINDS.Receiver,
  shortNames: [],
  categories: ["all", "fluxcd", "fluxcd-notifications"],
  columns: [age, ready, readyMessage],
  description: "A webhook that asks for reconciliations.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: true,
};
