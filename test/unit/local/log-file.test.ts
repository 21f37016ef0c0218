import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import { loggingEvents } from "@sluice/platform/log/logging-events.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogFile } from "../../../lib/local/log-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = { now: () => epochMs(Date.parse("2030-01-01T00:00:00Z")) };
const read = (): readonly object[] =>
  readFileSync(join(folder, "deep", "log.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const open = () => createLogFile(join(folder, "deep", "log.jsonl"), clock);
const EVENT: FluxEvent = {
  object: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "n", name: "a", uid: "u", resourceVersion: "1" },
  type: "Normal",
  reason: "Progressing",
  message: "ConfigMap/n/a created",
  metadata: {},
  controller: "kustomize-controller",
};
const NAMED = { controller: "kustomization", controllerGroup: "kustomize.toolkit.fluxcd.io", controllerKind: "Kustomization", namespace: "n", name: "a" };

describe("the log", () => {
  it("names objects as Flux's logs do, and goes on where it ended", async () => {
    const first = open();
    first.info("pass", { object: "prod/Kustomization/n/a", ms: 5 });
    first.error("broke\noff", { object: "something else", error: "e" });
    await first.close();
    const second = open();
    second.info("again", {});
    await second.close();
    const common = { ts: "2030-01-01T00:00:00.000Z" };
    expect(read()).toEqual([
      { ...common, level: "info", msg: "pass", ...NAMED, ms: 5 },
      { ...common, level: "error", msg: "broke\noff", object: "something else", error: "e" },
      { ...common, level: "info", msg: "again" },
    ]);
  });

  it("has events, warnings as errors, and passes them on", async () => {
    const log = open();
    const passed: string[] = [];
    const events = loggingEvents({ emit: async ({ type }) => void passed.push(type) }, log, "prod");
    for (const type of ["Normal", "Warning", "Trace"] as const) await events.emit({ ...EVENT, type });
    await log.close();
    expect(passed).toEqual(["Normal", "Warning", "Trace"]);
    expect(read()).toMatchObject([
      { level: "info", msg: EVENT.message, reason: "Progressing", ...NAMED },
      { level: "error", msg: EVENT.reason, error: EVENT.message, ...NAMED },
    ]);
  });

  it("has an event that could not be written, and the work goes on", async () => {
    const log = open();
    const events = loggingEvents({ emit: () => Promise.reject(new Error("503 after 5 attempts")) }, log, "prod");
    await expect(events.emit(EVENT)).resolves.toBeUndefined();
    await log.close();
    expect(read()[1]).toMatchObject({ level: "error", msg: "event was not written", error: "503 after 5 attempts", ...NAMED });
  });
});
