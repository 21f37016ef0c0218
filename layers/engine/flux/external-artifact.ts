import { age, column, type Kind, ready, readyMessage, SOURCE_GROUP } from "./kind.ts";
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

export const externalArtifact: Kind = {
  group: SOURCE_GROUP,
  version: "v1",
  kind: "ExternalArtifact",
  plural: "externalartifacts",
  shortNames: ["ea"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  controller: "source-controller",
  columns: [age, ready, readyMessage, column("Source", ".spec.sourceRef.name")],
  description: "An artifact that somebody else makes.",
  spec,
  status,
  startsUnobserved: false,
  substitutionDisabled: true,
};
