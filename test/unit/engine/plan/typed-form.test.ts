import type { Json } from "@sluice/engine/domain/json.ts";
import { typedForm } from "@sluice/engine/plan/typed-form.ts";
import { typedFieldsOf } from "@sluice/engine/plan/typed-kinds.ts";
import { describe, expect, it } from "vitest";

const form = (apiVersion: string, kind: string, value: Json) => {
  const type = typedFieldsOf(apiVersion, kind);
  if (type === undefined) throw new Error("no such kind");
  return typedForm(type, value);
};

describe("typedForm", () => {
  it.each<{ what: string; apiVersion: string; kind: string; given: Json; want: Json }>([
    { what: "unknown fields go", apiVersion: "v1", kind: "ConfigMap", given: { data: { a: "b" }, sparkle: 1 }, want: { metadata: {}, data: { a: "b" } } },
    {
      what: "empty maps and nulls go",
      apiVersion: "v1",
      kind: "ConfigMap",
      given: { data: {}, binaryData: null, metadata: { labels: {} } },
      want: { metadata: {} },
    },
    {
      what: "empty structs appear, pointers keep their zero, other zeros go",
      apiVersion: "apps/v1",
      kind: "Deployment",
      given: {
        spec: {
          replicas: 0,
          minReadySeconds: 0,
          paused: false,
          selector: {},
          template: { spec: { containers: [{ name: "a", env: [{ name: "E", value: "" }] }] } },
        },
      },
      want: {
        metadata: {},
        spec: {
          replicas: 0,
          selector: {},
          template: { metadata: {}, spec: { containers: [{ name: "a", env: [{ name: "E" }], resources: {} }] } },
          strategy: {},
        },
        status: {},
      },
    },
    {
      what: "required lists and pointers are null",
      apiVersion: "apps/v1",
      kind: "Deployment",
      given: {},
      want: { metadata: {}, spec: { selector: null, template: { metadata: {}, spec: { containers: null } }, strategy: {} }, status: {} },
    },
    {
      what: "a port without a target is aimed at 0",
      apiVersion: "v1",
      kind: "Service",
      given: { spec: { ports: [{ port: 80 }] } },
      want: { metadata: {}, spec: { ports: [{ port: 80, targetPort: 0 }] }, status: { loadBalancer: {} } },
    },
    {
      what: "quantities are canonical",
      apiVersion: "v1",
      kind: "ResourceQuota",
      given: { spec: { hard: { cpu: "1000m", pods: 5 } } },
      want: { metadata: {}, spec: { hard: { cpu: "1", pods: "5" } }, status: {} },
    },
    {
      what: "times are in UTC",
      apiVersion: "v1",
      kind: "ConfigMap",
      given: { metadata: { deletionTimestamp: "2026-01-01T02:00:00+02:00" } },
      want: { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } },
    },
  ])("$what", ({ apiVersion, kind, given, want }) => expect(form(apiVersion, kind, given)).toEqual({ ok: true, value: want }));
  it.each<{ given: Json; want: Json }>([
    { given: { data: { a: 1 } }, want: { path: ".data.a", expected: "string", got: "number" } },
    { given: { metadata: { finalizers: "a" } }, want: { path: ".metadata.finalizers", expected: "list", got: "string" } },
    { given: { binaryData: { a: "é" } }, want: { path: ".binaryData.a", expected: "bytes", got: "string" } },
  ])("$want.path does not fit", ({ given, want }) => expect(form("v1", "ConfigMap", given)).toEqual({ ok: false, problem: want }));
});
