import { age, column, type KindSchema, ready, readyMessage } from "./kind-schema.ts";
import { KINDS } from "./kinds.ts";
import { artifact, localReference, observed, oidcIdentity } from "./meta.ts";
import { duration, flag, list, oneOf, optional, type Read, rules, shape, text } from "./schema.ts";

/** Source: reference 1.5. */
const spec = shape(
  {
    chart: text(),
    ignoreMissingValuesFiles: optional(flag()),
    interval: duration(),
    reconcileStrategy: optional(oneOf(["ChartVersion", "Revision"], { default: "ChartVersion" })),
    sourceRef: shape({
      apiVersion: optional(text()),
      kind: oneOf(["HelmRepository", "GitRepository", "Bucket"]),
      name: text(),
    }),
    suspend: optional(flag()),
    valuesFiles: optional(list(text())),
    verify: optional(
      shape({
        matchOIDCIdentity: optional(list(oidcIdentity())),
        provider: oneOf(["cosign", "notation"], { default: "cosign" }),
        secretRef: optional(localReference()),
      }),
    ),
    version: optional(text({ default: "*" })),
  },
  rules({
    rule: "!has(self.verify) || self.sourceRef.kind == 'HelmRepository'",
    message: "spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository'",
  }),
);

const status = shape({
  artifact: optional(artifact()),
  ...observed(),
  lastHandledReconcileAt: optional(text()),
  observedChartName: optional(text()),
  observedSourceArtifactRevision: optional(text()),
  observedValuesFiles: optional(list(text())),
  url: optional(text()),
});

/** HelmChart as the API server keeps it. */
export type HelmChartSpec = Read<typeof spec>;
export type HelmChartStatus = Read<typeof status>;

export const helmChart: KindSchema = {
  ...KINDS.HelmChart,
  shortNames: ["hc"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  columns: [
    column("Chart", ".spec.chart"),
    column("Version", ".spec.version"),
    column("Source Kind", ".spec.sourceRef.kind"),
    column("Source Name", ".spec.sourceRef.name"),
    age,
    ready,
    readyMessage,
  ],
  description: "One chart out of a Helm repository, a Git repository or a bucket.",
  spec,
  status,
  startsUnobserved: true,
  substitutionDisabled: true,
};
