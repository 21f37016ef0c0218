import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { createMemoryCli } from "../../../support/cli/memory-cli.ts";

const NAMESPACE = "apps";
const THEN = "2026-01-02T03:00:00Z";
const SOURCE = "source.toolkit.fluxcd.io/v1";

const repository = (spec: object): Manifest => ({
  apiVersion: SOURCE,
  kind: "HelmRepository",
  metadata: { name: "charts", namespace: NAMESPACE },
  ...{ spec },
});
const CHART: Manifest = {
  apiVersion: SOURCE,
  kind: "HelmChart",
  metadata: { name: "shop", namespace: NAMESPACE },
  spec: { chart: "shop", interval: "1m", sourceRef: { kind: "HelmRepository", name: "charts" } },
};
const event = (place: string, kind: string, name: string, at = THEN): Manifest => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: place, namespace: NAMESPACE },
  involvedObject: { kind, name, namespace: NAMESPACE },
  type: "Normal",
  reason: place,
  message: "",
  lastTimestamp: at,
});

describe("events --for", () => {
  it("of one second, tells of the object before what it refers to", async () => {
    const objects = [
      CHART,
      repository({}),
      event("a-source", "HelmRepository", "charts"),
      event("b-chart", "HelmChart", "shop"),
      event("c-before", "HelmRepository", "charts", "2026-01-02T02:00:00Z"),
      event("d-other", "HelmChart", "other"),
    ];
    const { out } = await createMemoryCli({ objects }).run(["events", "--for", "HelmChart/shop", "-n", NAMESPACE]);
    expect(out.match(/[a-d]-[a-z]+/g)).toEqual(["c-before", "b-chart", "a-source"]);
  });
});

describe("export source helm", () => {
  it.each([
    { spec: { type: "oci", url: "oci://r.example.com" }, has: "spec:\n  interval: 0s\n" },
    { spec: { interval: "1h", url: "https://r.example.com" }, has: "spec:\n  interval: 1h0m0s\n" },
  ])("writes the interval as Go does: $has", async ({ spec, has }) =>
    expect((await createMemoryCli({ objects: [repository(spec)] }).run(["export", "source", "helm", "charts", "-n", NAMESPACE])).out).toContain(has));
});
