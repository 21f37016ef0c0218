import { age, column, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { artifact, condition } from "./meta.ts";
import { list, optional, type Read, shape, text } from "./schema.ts";

/** Source: reference 1.7. */
const spec = shape({
  sourceRef: optional(
    shape({
      apiVersion: optional(text()),
      kind: text(),
      name: text(),
      namespace: optional(text()),
    }),
  ),
});

const status = shape({
  artifact: optional(artifact()),
  conditions: optional(list(condition())),
});

/** ExternalArtifact as the API server keeps it. */
export type ExternalArtifactSpec = Read<typeof spec>;
export type ExternalArtifactStatus = Read<typeof status>;

export const externalArtifact: KindSchema = {
  ...KINDS.ExternalArtifact,
  shortNames: ["ea"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  columns: [age, ready, readyMessage, column("Source", ".spec.sourceRef.name")],
  description: "An artifact that somebody else makes.",
  spec,
  status,
  startsUnobserved: false,
  substitutionDisabled: true,
};
