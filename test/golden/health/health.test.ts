import { readdirSync, readFileSync } from "node:fs";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { computeHealth } from "@sluice/engine/health/compute.ts";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

const FOLDER = new URL("./", import.meta.url);
/** What the clock says in every case. */
const NOW = epochMs(Date.UTC(2030, 0, 1, 0, 1, 0));

const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml"));

/** Each case is one file: what is expected in its first line, the object, and after `---` the Pods that its selector finds. */
describe("health", () => {
  it.each(files.toSorted())("%s", (file) => {
    const text = readFileSync(new URL(file, FOLDER), "utf8");
    const [object, ...pods] = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
    if (object === undefined) throw new Error("no object");
    const { kind, message } = computeHealth(object, { now: NOW, pods });
    expect(`# ${kind}: ${message}`).toBe(text.slice(0, text.indexOf("\n")));
  });

  it("has cases for every kind with a rule", () => {
    const folders = new Set(files.map((file) => file.slice(0, file.indexOf("/"))));
    expect([...folders].toSorted()).toEqual(
      [
        "config-map",
        "cron-job",
        "custom-resource",
        "custom-resource-definition",
        "daemon-set",
        "deployment",
        "job",
        "namespace",
        "persistent-volume-claim",
        "pod",
        "pod-disruption-budget",
        "replica-set",
        "secret",
        "service",
        "stateful-set",
      ].toSorted(),
    );
  });
});
