import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { crdManifests, SCHEMAS } from "@sluice/engine/flux/crds.ts";
import { KINDS } from "@sluice/engine/flux/kinds.ts";
import { Value } from "typebox/value";
import { describe, expect, it } from "vitest";
import { EXAMPLES } from "../../../support/flux/examples.ts";

// biome-ignore lint/suspicious/noExplicitAny: a CRD's deep inside, which only assertions look into
type Crd = any;
const crds: readonly Crd[] = crdManifests({ version: "v1.2.3", instance: "gitops" });
const crdOf = (kind: string): Crd => crds.find(({ spec }) => spec.names.kind === kind);
const rootOf = (kind: string): Crd => crdOf(kind).spec.versions[0].schema.openAPIV3Schema;

const READY = '.status.conditions[?(@.type=="Ready")].status';
const STATUS = '.status.conditions[?(@.type=="Ready")].message';

/** Reference 0.1, row by row: name and version, short names, the last category, columns. */
const TABLE = [
  ["gitrepositories.source.toolkit.fluxcd.io v1", "gitrepo", "fluxcd-sources", "URL, Age, Ready, Status"],
  ["ocirepositories.source.toolkit.fluxcd.io v1", "ocirepo", "fluxcd-sources", "URL, Ready, Status, Age"],
  ["helmrepositories.source.toolkit.fluxcd.io v1", "helmrepo", "fluxcd-sources", "URL, Age, Ready, Status"],
  ["helmcharts.source.toolkit.fluxcd.io v1", "hc", "fluxcd-sources", "Chart, Version, Source Kind, Source Name, Age, Ready, Status"],
  ["buckets.source.toolkit.fluxcd.io v1", "", "fluxcd-sources", "Endpoint, Age, Ready, Status"],
  ["externalartifacts.source.toolkit.fluxcd.io v1", "ea", "fluxcd-sources", "Age, Ready, Status, Source"],
  ["artifactgenerators.source.extensions.fluxcd.io v1beta1", "ag", "fluxcd-sources", "Age, Ready, Status"],
  ["kustomizations.kustomize.toolkit.fluxcd.io v1", "ks", "fluxcd-appliers", "Age, Ready, Status"],
  ["helmreleases.helm.toolkit.fluxcd.io v2", "hr", "fluxcd-appliers", "Age, Ready, Status"],
  ["providers.notification.toolkit.fluxcd.io v1beta3", "", "fluxcd-notifications", "Age"],
  ["alerts.notification.toolkit.fluxcd.io v1beta3", "", "fluxcd-notifications", "Age"],
  ["receivers.notification.toolkit.fluxcd.io v1", "", "fluxcd-notifications", "Age, Ready, Status"],
  ["imagerepositories.image.toolkit.fluxcd.io v1", "imgrepo,imagerepo", "fluxcd-images", "Image, Tags, Ready, Status, Last scan (priority 1), Age"],
  ["imagepolicies.image.toolkit.fluxcd.io v1", "imgpol,imagepol", "fluxcd-images", "Image, Tag, Ready, Status, Age"],
  ["imageupdateautomations.image.toolkit.fluxcd.io v1", "iua,imgupd,imgauto", "fluxcd-images", "Ready, Status, Last run (priority 1), Age"],
] as const;

describe("the CRDs", () => {
  it.each(TABLE)("%s is as the reference has it", (id, shortNames, category, columns) => {
    const crd = crds.find(({ metadata, spec }) => `${metadata.name} ${spec.versions[0].name}` === id);
    expect(crd.spec.names.shortNames ?? []).toEqual(shortNames === "" ? [] : shortNames.split(","));
    expect(crd.spec.names.categories).toEqual(["all", "fluxcd", category]);
    const shown = crd.spec.versions[0].additionalPrinterColumns.map(({ name, priority }: Crd) => (priority ? `${name} (priority ${priority})` : name));
    expect(shown.join(", ")).toBe(columns);
    expect(crd.spec).toMatchObject({ scope: "Namespaced", versions: [{ served: true, storage: true }] });
  });

  it("are fifteen, each with one version", () => {
    expect(crds.map(({ metadata }) => metadata.name)).toEqual(TABLE.map(([id]) => id.split(" ")[0]).toSorted());
    expect(crds.map(({ spec }) => spec.versions.length)).toEqual(crds.map(() => 1));
  });

  it.each([
    ["Age", ".metadata.creationTimestamp", "date"],
    ["Ready", READY, "string"],
    ["Status", STATUS, "string"],
    ["URL", ".spec.url", "string"],
    ["Endpoint", ".spec.endpoint", "string"],
    ["Source", ".spec.sourceRef.name", "string"],
    ["Chart", ".spec.chart", "string"],
    ["Version", ".spec.version", "string"],
    ["Source Kind", ".spec.sourceRef.kind", "string"],
    ["Source Name", ".spec.sourceRef.name", "string"],
    ["Tags", ".status.lastScanResult.tagCount", "string"],
    ["Tag", ".status.latestRef.tag", "string"],
    ["Last scan", ".status.lastScanResult.scanTime", "string"],
    ["Last run", ".status.lastAutomationRunTime", "string"],
  ])("column %s shows %s", (name, jsonPath, type) => {
    const found = crds.flatMap(({ spec }) => spec.versions[0].additionalPrinterColumns).filter((column) => column.name === name);
    expect(new Set(found.map((column) => `${column.type} ${column.jsonPath}`))).toEqual(new Set([`${type} ${jsonPath}`]));
  });

  it("carry the labels that flux check finds them by", () => {
    expect(Object.fromEntries(crds.map(({ metadata, spec }) => [spec.names.kind, metadata.labels]))).toEqual(
      Object.fromEntries(
        SCHEMAS.map(({ kind, controller }) => [
          kind,
          {
            "app.kubernetes.io/part-of": "flux",
            "app.kubernetes.io/instance": "gitops",
            "app.kubernetes.io/version": "v1.2.3",
            "app.kubernetes.io/component": controller,
          },
        ]),
      ),
    );
  });

  it("keep substitution off, but for two", () => {
    const open = crds.filter(({ metadata }) => metadata.annotations?.["kustomize.toolkit.fluxcd.io/substitute"] !== "disabled");
    expect(open.map(({ spec }) => spec.names.kind)).toEqual(["ImagePolicy", "ImageRepository"]);
  });

  it("have a status, but for two", () => {
    const without = crds.filter(({ spec }) => spec.versions[0].subresources.status === undefined);
    expect(without.map(({ spec }) => spec.names.kind)).toEqual(["Alert", "Provider"]);
    expect(without.map(({ spec }) => rootOf(spec.names.kind).properties.status)).toEqual([undefined, undefined]);
    expect(SCHEMAS.filter(({ status, hasStatus }) => (status !== undefined) !== hasStatus)).toEqual([]);
  });

  it("start unobserved, but for four", () => {
    const observed = crds.filter(({ spec }) => rootOf(spec.names.kind).properties.status?.default?.observedGeneration !== -1);
    expect(observed.map(({ spec }) => spec.names.kind)).toEqual(["Alert", "ArtifactGenerator", "ExternalArtifact", "Provider"]);
  });

  it.each([
    ["GitRepository", "timeout", "60s"],
    ["GitRepository", "verify.mode", "HEAD"],
    ["OCIRepository", "provider", "generic"],
    ["HelmChart", "version", "*"],
    ["HelmChart", "reconcileStrategy", "ChartVersion"],
    ["Bucket", "provider", "generic"],
    ["Kustomization", "force", false],
    ["HelmRelease", "uninstall.deletionPropagation", "background"],
    ["Alert", "eventSeverity", "info"],
    ["Receiver", "interval", "10m"],
    ["ImageRepository", "exclusionList", ["^.*\\.sig$"]],
    ["ImagePolicy", "digestReflectionPolicy", "Never"],
    ["ImageUpdateAutomation", "update", { strategy: "Setters" }],
    ["Kustomization", "timeout", undefined],
    ["Provider", "timeout", undefined],
  ])("%s: the default of spec.%s", (kind, path, want) => {
    const field = path.split(".").reduce((schema, name) => schema.properties[name], rootOf(kind).properties.spec);
    expect(field.default).toEqual(want);
  });

  it.each([
    ["GitRepository", "serviceAccountName can only be set when provider is 'azure' or 'aws'"],
    ["HelmChart", "spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository'"],
    ["HelmRelease", "either chart or chartRef must be set"],
    ["HelmRelease", ".retryInterval cannot be set when .name is 'RemediateOnFailure'"],
    ["HelmRelease", ".retryInterval can only be set when .name is 'RetryOnFailure'"],
    ["Kustomization", "exactly one of spec.kubeConfig.configMapRef or spec.kubeConfig.secretRef must be specified"],
    ["ImagePolicy", "spec.interval must be set when spec.digestReflectionPolicy is set to 'Always'"],
    ["ArtifactGenerator", "artifact names must be valid Kubernetes object names when pathPattern is not set"],
    ["Receiver", "secretRef is required when type is not generic-oidc"],
    ["Bucket", "'aws' is the only supported STS provider for the 'aws' Bucket provider"],
  ])("%s has the rule: %s", (kind, message) => {
    const said = [...walk(rootOf(kind))].flatMap((schema) => schema["x-kubernetes-validations"] ?? []);
    expect(said.map((rule: { message: string }) => rule.message)).toContain(message);
    for (const rule of said) expect(Object.keys(rule)).toEqual(["rule", "message"]);
  });

  /** What a structural schema may have. Source: Kubernetes, CustomResourceDefinition v1. */
  const KEYWORDS = [
    ...["type", "properties", "required", "items", "additionalProperties", "description", "default", "enum", "format", "pattern"],
    ...["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"],
    ...["x-kubernetes-validations", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type", "x-kubernetes-preserve-unknown-fields"],
  ];
  it.each(crds.map(({ spec }) => spec.names.kind as string))("%s is a structural schema", (kind) => {
    for (const schema of walk(rootOf(kind))) {
      expect(Object.keys(schema).filter((keyword) => !KEYWORDS.includes(keyword))).toEqual([]);
      expect(schema.type ?? schema["x-kubernetes-preserve-unknown-fields"]).toBeDefined();
    }
  });
});

/** Every schema inside of one, itself included. */
function* walk(schema: Crd): Generator<Crd> {
  yield schema;
  for (const property of Object.values(schema.properties ?? {})) yield* walk(property);
  if (schema.items !== undefined) yield* walk(schema.items);
  if (isObject(schema.additionalProperties)) yield* walk(schema.additionalProperties);
}

describe("the schemas", () => {
  const schemaOf = (kind: string) => SCHEMAS.find((schema) => schema.kind === kind)?.spec ?? {};

  it.each(Object.entries(EXAMPLES))("accept the example of %s, which uses known fields only", (kind, { apiVersion, spec }) => {
    const { group, version } = KINDS[kind as keyof typeof KINDS];
    expect(apiVersion).toBe(`${group}/${version}`);
    expect([...Value.Errors(schemaOf(kind), spec)]).toEqual([]);
    expect(unknownFields(rootOf(kind).properties.spec, spec as Json, "spec")).toEqual([]);
  });

  it.each([
    ["GitRepository", { url: "git@example.com:a.git" }],
    ["GitRepository", { timeout: "1h" }],
    ["GitRepository", { interval: "1d" }],
    ["GitRepository", { provider: "gcp" }],
    ["GitRepository", { include: [{}] }],
    ["Kustomization", { prune: undefined }],
    ["Kustomization", { targetNamespace: "" }],
    ["Kustomization", { namePrefix: "x".repeat(201) }],
    ["Kustomization", { buildMetadata: ["managedByLabel"] }],
    ["Kustomization", { sourceRef: { kind: "HelmRepository", name: "x" } }],
    ["Kustomization", { postBuild: { substitute: { a: 1 } } }],
    ["HelmRelease", { releaseName: "x".repeat(54) }],
    ["Provider", { type: "zoom" }],
    ["Alert", { summary: "x".repeat(256) }],
    ["Receiver", { oidcProviders: [{ issuerURL: "https://a", validations: [] }] }],
    ["ImageRepository", { exclusionList: Array.from({ length: 26 }, () => "x") }],
    ["ArtifactGenerator", { sources: [] }],
  ])("refuse a %s with %j", (kind, wrong) => {
    const spec = { ...(EXAMPLES[kind as keyof typeof EXAMPLES].spec as object), ...wrong };
    expect(Value.Check(schemaOf(kind), JSON.parse(JSON.stringify(spec)))).toBe(false);
  });
});

function unknownFields(schema: Crd, value: Json | undefined, path: string): readonly string[] {
  if (schema["x-kubernetes-preserve-unknown-fields"]) return [];
  if (isArray(value)) return value.flatMap((item) => unknownFields(schema.items, item, `${path}[]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = schema.properties?.[key] ?? schema.additionalProperties;
    return inner === undefined ? [`${path}.${key}`] : unknownFields(inner, item, `${path}.${key}`);
  });
}
