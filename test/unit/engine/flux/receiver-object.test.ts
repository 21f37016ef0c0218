import type { Json } from "@sluice/engine/domain/json.ts";
import { parseReceiver } from "@sluice/engine/flux/receiver-object.ts";
import { describe, expect, it } from "vitest";

const read = (spec: Json, status: Json = {}) =>
  parseReceiver({ apiVersion: "notification.toolkit.fluxcd.io/v1", kind: "Receiver", metadata: { name: "a", namespace: "n" }, spec, status });

describe("a Receiver", () => {
  it("has its defaults", () => {
    const parsed = read({ type: "github", secretRef: { name: "s" }, resources: [{ kind: "GitRepository", name: "web" }] }, { observedGeneration: -1 });
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        spec: {
          type: "github",
          interval: 600_000,
          events: [],
          resources: [{ kind: "GitRepository", name: "web" }],
          secretRef: "s",
          oidcProviders: [],
          suspend: false,
        },
        status: { observedGeneration: -1 },
      },
    });
  });

  it("of generic-oidc needs no Secret, and has an audience", () => {
    const parsed = read({
      type: "generic-oidc",
      resources: [],
      oidcProviders: [{ issuerURL: "https://i", validations: [{ expression: "true", message: "m" }] }],
    });
    expect(parsed).toMatchObject({ ok: true, value: { spec: { oidcProviders: [{ audience: "notification-controller", variables: [] }] } } });
  });

  it.each<[Json, string]>([
    [{}, "spec.type: required value; spec.secretRef: required value"],
    [
      { type: "x", secretRef: { name: "s" } },
      'spec.type: expected one of generic, generic-hmac, generic-oidc, github, gitlab, bitbucket, harbor, dockerhub, quay, gcr, nexus, acr, cdevents, got "x"',
    ],
    [{ type: "generic" }, "spec.secretRef: required value"],
    [{ type: "generic", secretRef: {} }, "spec.secretRef.name: required value"],
    [{ type: "generic", secretRef: { name: "s" }, resources: [{ kind: "Bucket" }] }, "spec.resources[0].name: required value"],
    [{ type: "generic", secretRef: { name: "s" }, events: "push" }, "spec.events: expected a list, got a text"],
    [{ type: "generic", secretRef: { name: "s" }, interval: "10" }, 'spec.interval: expected a duration such as "10m0s", got "10"'],
    [
      { type: "generic", secretRef: { name: "s" }, resources: [{ kind: "Bucket", name: "*", matchLabels: JSON.parse('{"__proto__": "x"}') }] },
      'spec.resources[0].matchLabels: the key "__proto__" cannot be used',
    ],
  ])("%j: %s", (spec, want) => expect(read(spec)).toEqual({ ok: false, problem: want }));

  it("with a status that anybody has written is read as far as it goes", () => {
    const parsed = read({ type: "generic", secretRef: { name: "s" } }, { conditions: [1, { type: "Ready" }], webhookPath: 5, observedGeneration: "x" });
    expect(parsed.ok ? parsed.value.status : parsed.problem).toEqual({ conditions: [] });
  });
});
