import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { parseKustomization } from "@sluice/engine/flux/kustomization-object.ts";
import { readVariables } from "@sluice/engine/reconcile/kustomization/variables.ts";
import { describe, expect, it } from "vitest";

const kustomization = (names: readonly string[]) => {
  const parsed = parseKustomization({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "app", namespace: "n", uid: "1", resourceVersion: "1", generation: 1 },
    spec: {
      interval: "1h",
      prune: true,
      sourceRef: { kind: "GitRepository", name: "app" },
      postBuild: { substituteFrom: names.map((name) => ({ kind: "Secret", name })) },
    },
  });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};

const held: Manifest = { apiVersion: "v1", kind: "Secret", metadata: { name: "held", namespace: "n" }, data: { a: Buffer.from("secret").toString("base64") } };

describe("what may not be said", () => {
  it.each([
    { names: ["held"], hidden: ["secret"], why: "is what is substituted" },
    { names: ["held", "gone"], hidden: [], why: "is nothing where nothing is substituted: the word stands in the message itself" },
  ])("$why", async ({ names, hidden }) => {
    const cluster = {
      get: async ({ name }: { readonly name: string }) =>
        name === "held" ? ({ kind: "found", object: held } as const) : ({ kind: "absent", message: `secrets "${name}" not found` } as const),
    };
    const read = await readVariables(cluster, kustomization(names));
    expect([...new Set(read.hidden)].filter((value) => value === "secret")).toEqual(hidden);
    if (!read.variables.ok) expect(read.variables.problem).toContain('secrets "gone" not found');
  });
});
