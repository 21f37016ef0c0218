import type { Manifest, Metadata } from "@sluice/engine/domain/manifest.ts";
import { KINDS } from "@sluice/engine/flux/kinds.ts";
import { objectMetaOf } from "@sluice/engine/flux/object.ts";
import {
  conditionsOf,
  handledRequestOf,
  isSuspended,
  observedGenerationOf,
  parseGitRepository,
  parseKustomization,
  requestedAt,
  unsupportedFields,
} from "@sluice/engine/flux/parse.ts";
import { describe, expect, it } from "vitest";
import { EXAMPLES } from "../../../support/flux/examples.ts";

const of = (parts: { readonly apiVersion?: string; readonly metadata?: Metadata; readonly spec?: unknown; readonly status?: unknown }): Manifest =>
  JSON.parse(JSON.stringify({ apiVersion: "v1", kind: "Any", metadata: {}, ...parts }));

describe("any Flux object", () => {
  it.each([
    [{ spec: { suspend: true } }, true],
    [{ spec: { suspend: false } }, false],
    [{ spec: { suspend: "true" } }, false],
    [{}, false],
    [{ apiVersion: "source.extensions.fluxcd.io/v1beta1", metadata: { annotations: { "source.extensions.fluxcd.io/reconcile": "disabled" } } }, true],
    [{ apiVersion: "source.extensions.fluxcd.io/v1beta1", spec: { suspend: true } }, false],
    [{ metadata: { annotations: { "source.extensions.fluxcd.io/reconcile": "disabled" } } }, false],
  ])("isSuspended %j", (parts, want) => expect(isSuspended(of(parts))).toBe(want));

  it.each([
    [{ "reconcile.fluxcd.io/requestedAt": "now" }, "now"],
    [{ "reconcile.fluxcd.io/requestedAt": "" }, ""],
    [{}, undefined],
  ])("requestedAt %j", (annotations, want) => expect(requestedAt(of({ metadata: { annotations } }))).toBe(want));

  it.each([
    [{ lastHandledReconcileAt: "now", observedGeneration: -1 }, "now", -1],
    [{ lastHandledReconcileAt: 5, observedGeneration: "x" }, undefined, undefined],
    [undefined, undefined, undefined],
  ])("what was handled and observed: %j", (status, handled, observed) => {
    expect(handledRequestOf(of({ status }))).toBe(handled);
    expect(observedGenerationOf(of({ status }))).toBe(observed);
  });

  it("conditionsOf leaves out what is none", () => {
    const sound = { type: "Ready", status: "False", reason: "R", message: "m", lastTransitionTime: "2030-01-01T00:00:00Z" };
    expect(conditionsOf(of({ status: { conditions: [sound, null, { type: "X", status: "Maybe" }] } }))).toEqual([sound]);
    expect(conditionsOf(of({}))).toEqual([]);
  });

  it("objectMetaOf leaves nothing open but the deletion", () => {
    expect(objectMetaOf(of({}))).toEqual({ name: "", namespace: "", uid: "", generation: 0, resourceVersion: "", labels: {}, annotations: {}, finalizers: [] });
    const metadata = {
      name: "a",
      namespace: "b",
      uid: "c",
      generation: 4,
      resourceVersion: "5",
      labels: { d: "e" },
      annotations: { f: "g" },
      finalizers: ["h"],
      deletionTimestamp: "2030-01-01T00:00:00Z",
    };
    expect(objectMetaOf(of({ metadata }))).toEqual(metadata);
  });
});

describe("unsupportedFields", () => {
  const git = (spec: object) => {
    const parsed = parseGitRepository(of({ spec: { url: "https://example.com/a", interval: "1m", ...spec } }));
    return parsed.ok ? unsupportedFields(parsed.value) : parsed.problem;
  };
  const kustomization = (spec: object) => {
    const parsed = parseKustomization(of({ spec: { interval: "1m", prune: true, sourceRef: { kind: "GitRepository", name: "a" }, ...spec } }));
    return parsed.ok ? unsupportedFields(parsed.value) : parsed.problem;
  };

  it.each<[object, readonly string[]]>([
    [{}, []],
    [
      {
        ref: { branch: "a", tag: "b", semver: "c", name: "d", commit: "e" },
        secretRef: { name: "a" },
        provider: "github",
        timeout: "5s",
        ignore: "x",
        include: [{ repository: { name: "a" } }],
        sparseCheckout: ["a"],
        suspend: true,
        recurseSubmodules: false,
      },
      [],
    ],
    [{ url: "ssh://git@example.com/a" }, ["spec.url (ssh)"]],
    [{ provider: "aws", serviceAccountName: "a" }, ["spec.provider (aws)", "spec.serviceAccountName"]],
    [{ provider: "azure" }, ["spec.provider (azure)"]],
    [{ verify: { secretRef: { name: "a" } } }, ["spec.verify"]],
    [{ recurseSubmodules: true }, ["spec.recurseSubmodules"]],
  ])("of a GitRepository with %j", (spec, want) => expect(git(spec)).toEqual(want));

  it.each<[object, readonly string[]]>([
    [{}, []],
    [{ decryption: { provider: "sops" } }, ["spec.decryption"]],
    [{ kubeConfig: { secretRef: { name: "a" } } }, ["spec.kubeConfig"]],
    [{ healthCheckExprs: [{ apiVersion: "a/v1", current: "true" }] }, []],
    [{ dependsOn: [{ name: "a" }, { name: "b", readyExpr: "true" }] }, []],
  ])("of a Kustomization with %j", (spec, want) => expect(kustomization(spec)).toEqual(want));

  it("a Kustomization with every field lacks nothing but these", () => {
    const parsed = parseKustomization(EXAMPLES.Kustomization);
    expect(parsed.ok && unsupportedFields(parsed.value)).toEqual(["spec.decryption", "spec.kubeConfig"]);
  });
});

describe("KINDS", () => {
  it.each(Object.entries(EXAMPLES))("%s has the group and version of its example", (kind, { apiVersion }) => {
    const facts = KINDS[kind as keyof typeof KINDS];
    expect(`${facts.kind} ${facts.group}/${facts.version}`).toBe(`${kind} ${apiVersion}`);
  });

  it.each([
    ["GitRepository", "source git", "source-controller"],
    ["OCIRepository", "source oci", "source-controller"],
    ["HelmRepository", "source helm", "source-controller"],
    ["HelmChart", "source chart", "source-controller"],
    ["Bucket", "source bucket", "source-controller"],
    ["ExternalArtifact", "source external-artifact", "source-controller"],
    ["ArtifactGenerator", "artifactgenerator", "source-watcher"],
    ["Kustomization", "kustomization", "kustomize-controller"],
    ["HelmRelease", "helmrelease", "helm-controller"],
    ["Provider", "alert provider", "notification-controller"],
    ["Alert", "alert", "notification-controller"],
    ["Receiver", "receiver", "notification-controller"],
    ["ImageRepository", "image repository", "image-reflector-controller"],
    ["ImagePolicy", "image policy", "image-reflector-controller"],
    ["ImageUpdateAutomation", "image update automation", "image-automation-controller"],
  ] as const)("%s is called %s and belongs to %s", (kind, human, controller) => expect(KINDS[kind]).toMatchObject({ human, controller }));

  it("static kinds answer no request, and those without spec.suspend cannot be suspended", () => {
    const all = Object.values(KINDS);
    expect(all.filter(({ reconcilable }) => !reconcilable).map(({ kind }) => kind)).toEqual(["Alert", "ExternalArtifact", "Provider"]);
    expect(all.filter(({ suspendable }) => !suspendable).map(({ kind }) => kind)).toEqual(["ArtifactGenerator", "ExternalArtifact"]);
  });
});
