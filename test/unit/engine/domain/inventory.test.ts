import { entryOf, refOfEntry } from "@sluice/engine/domain/inventory.ts";
import { describe, expect, it } from "vitest";

describe("inventory entries", () => {
  it.each([
    { ref: { apiVersion: "v1", kind: "Namespace", name: "cert-manager" }, id: "_cert-manager__Namespace", v: "v1" },
    { ref: { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "podinfo" }, id: "default_podinfo_apps_Deployment", v: "v1" },
    {
      ref: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", name: "system:controller:x" },
      id: "_system__controller__x_rbac.authorization.k8s.io_ClusterRole",
      v: "v1",
    },
    { ref: { apiVersion: "v1", kind: "ConfigMap", namespace: "a", name: "b.c" }, id: "a_b.c__ConfigMap", v: "v1" },
  ])("$id", ({ ref, id, v }) => {
    expect(entryOf(ref)).toEqual({ id, v });
    expect(refOfEntry({ id, v })).toEqual(ref);
  });

  it.each(["", "a_b", "no-underscores"])("%j names nothing", (id) => expect(refOfEntry({ id, v: "v1" })).toBeUndefined());
});
