import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { stampOf } from "@sluice/engine/plan/stamp.ts";
import { describe, expect, it } from "vitest";

const desired: Manifest = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", labels: { a: "1", b: "2" } }, data: { k: "v" } };
const live = (change: Partial<Manifest> = {}, metadata: Manifest["metadata"] = {}): Manifest => ({
  ...desired,
  ...change,
  metadata: {
    ...desired.metadata,
    resourceVersion: "1",
    managedFields: [{ manager: "m", operation: "Apply", apiVersion: "v1", time: "2030-01-01T00:00:00Z", fieldsType: "FieldsV1", fieldsV1: { "f:data": {} } }],
    ...metadata,
  },
});
const base = stampOf(desired, live(), "hash");

describe("stampOf", () => {
  it.each<{ name: string; other: string | undefined }>([
    { name: "another resourceVersion", other: stampOf(desired, live({}, { resourceVersion: "2" }), "hash") },
    { name: "another status", other: stampOf(desired, live({ status: { a: 1 } }), "hash") },
    {
      name: "another time of a managed field",
      other: stampOf(
        desired,
        live(
          {},
          {
            managedFields: [
              { manager: "m", operation: "Apply", apiVersion: "v1", time: "2031-01-01T00:00:00Z", fieldsType: "FieldsV1", fieldsV1: { "f:data": {} } },
            ],
          },
        ),
        "hash",
      ),
    },
    { name: "another order of keys", other: stampOf({ ...desired, metadata: { labels: { b: "2", a: "1" }, name: "a" } }, live(), "hash") },
  ])("is the same with $name", ({ other }) => expect(other).toBe(base));

  it.each<{ name: string; other: string | undefined }>([
    { name: "another schema", other: stampOf(desired, live(), "other") },
    { name: "another manifest", other: stampOf({ ...desired, data: { k: "w" } }, live(), "hash") },
    { name: "another value in the cluster", other: stampOf(desired, live({ data: { k: "w" } }), "hash") },
    { name: "another generation", other: stampOf(desired, live({}, { generation: 2 }), "hash") },
    {
      name: "another owner of a field",
      other: stampOf(
        desired,
        live({}, { managedFields: [{ manager: "n", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: { "f:data": {} } }] }),
        "hash",
      ),
    },
    { name: "no schema hash", other: stampOf(desired, live(), undefined) },
  ])("is another with $name", ({ other }) => expect(other).not.toBe(base));

  it("is a SHA-256", () => expect(base).toMatch(/^sha256:[0-9a-f]{64}$/));
});
