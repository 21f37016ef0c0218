import { age, type KindSchema } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { localReference, notifiableKind, objectName } from "./meta.ts";
import { flag, list, oneOf, optional, type Read, shape, text, textMap } from "./schema.ts";

/** Source: reference 4.2. */
const spec = shape({
  eventMetadata: optional(textMap()),
  eventSeverity: optional(oneOf(["info", "error"], { default: "info" })),
  eventSources: list(
    shape({
      apiVersion: optional(text()),
      kind: notifiableKind(),
      matchLabels: optional(textMap()),
      name: objectName(),
      namespace: optional(objectName()),
    }),
  ),
  exclusionList: optional(list(text())),
  inclusionList: optional(list(text())),
  providerRef: localReference(),
  summary: optional(text({ maxLength: 255 })),
  suspend: optional(flag()),
});

/** Alert as the API server keeps it. */
export type AlertSpec = Read<typeof spec>;

export const alert: KindSchema = {
  ...KINDS.Alert,
  shortNames: [],
  categories: ["all", "fluxcd", "fluxcd-notifications"],
  columns: [age],
  description: "Which events become notifications.",
  spec,
  startsUnobserved: false,
  substitutionDisabled: true,
};
