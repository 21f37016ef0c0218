import { PROVIDER_TYPES } from "../domain/provider-type.ts";
import { age, type KindSchema } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { localReference } from "./meta.ts";
import { duration, flag, oneOf, optional, type Read, rules, shape, shortDuration, text } from "./schema.ts";

/** Source: reference 4.3; its types and, beyond them, our own. */
const spec = shape(
  {
    address: optional(text({ maxLength: 2048 })),
    certSecretRef: optional(localReference()),
    channel: optional(text({ maxLength: 2048 })),
    commitStatusExpr: optional(text()),
    interval: optional(duration()),
    proxy: optional(text({ maxLength: 2048, pattern: "^(http|https)://.*$" })),
    proxySecretRef: optional(localReference()),
    secretRef: optional(localReference()),
    serviceAccountName: optional(text()),
    suspend: optional(flag()),
    timeout: optional(shortDuration()),
    type: oneOf(PROVIDER_TYPES),
    username: optional(text({ maxLength: 2048 })),
  },
  rules({
    rule: "self.type == 'github' || self.type == 'gitlab' || self.type == 'gitea' || self.type == 'bitbucketserver' || self.type == 'bitbucket' || self.type == 'azuredevops' || !has(self.commitStatusExpr)",
    message: "spec.commitStatusExpr is only supported for the 'github', 'gitlab', 'gitea', 'bitbucketserver', 'bitbucket', 'azuredevops' provider types",
  }),
);

/** Provider as the API server keeps it. */
export type ProviderSpec = Read<typeof spec>;

export const provider: KindSchema = {
  ...KINDS.Provider,
  shortNames: [],
  categories: ["all", "fluxcd", "fluxcd-notifications"],
  columns: [age],
  description: "Where notifications go.",
  spec,
  startsUnobserved: false,
  substitutionDisabled: true,
};
