import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createStory, tellingEvents, tellingTroubles } from "../../../lib/local/story.ts";

const event = (type: FluxEvent["type"], reason: string, message: string): FluxEvent => ({
  object: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "n", name: "a", uid: "1", resourceVersion: "1" },
  type,
  reason,
  message,
  metadata: {},
  controller: "kustomize-controller",
});

describe("the story", () => {
  let lines: string[];
  const story = createStory((line) => lines.push(line));
  beforeEach(() => {
    lines = [];
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  it("has a glyph per line, and the lines of one message belong together", () => {
    story.doing("one");
    story.waiting("two");
    story.done("three\nfour\n");
    story.failed("five");
    expect(lines).toEqual(["► one\n", "◎ two\n", "✔ three\n  four\n", "✗ five\n"]);
  });

  it.each<{ name: string; events: readonly FluxEvent[]; want: readonly string[] }>([
    { name: "success", events: [event("Normal", "ReconciliationSucceeded", "done")], want: ["✔ Kustomization/n/a: done\n"] },
    { name: "failure", events: [event("Warning", "BuildFailed", "no")], want: ["✗ Kustomization/n/a: no\n"] },
    { name: "nothing of a trace", events: [event("Trace", "ReconciliationSucceeded", "same")], want: [] },
    { name: "who still waits after a second", events: [event("Normal", "DependencyNotReady", "waits")], want: ["◎ Kustomization/n/a: waits\n"] },
    {
      name: "not who was woken meanwhile",
      events: [event("Normal", "DependencyNotReady", "waits"), event("Normal", "ReconciliationSucceeded", "done")],
      want: ["✔ Kustomization/n/a: done\n"],
    },
    {
      name: "who says it again only once",
      events: [event("Normal", "DependencyNotReady", "waits"), event("Normal", "DependencyNotReady", "waits")],
      want: ["◎ Kustomization/n/a: waits\n"],
    },
  ])("tells events: $name", async ({ events, want }) => {
    const telling = tellingEvents(story);
    for (const each of events) await telling.emit(each);
    vi.advanceTimersByTime(1000);
    expect(lines).toEqual(want);
  });

  it("tells nothing after its end", async () => {
    const telling = tellingEvents(story);
    await telling.emit(event("Normal", "DependencyNotReady", "waits"));
    telling.stop();
    vi.advanceTimersByTime(10_000);
    expect(lines).toEqual([]);
  });

  it("tells of what broke off once, until it is something else", () => {
    const logged: string[] = [];
    const log = tellingTroubles({ info: () => undefined, error: (message) => void logged.push(message) }, story);
    for (const error of ["refused", "refused", "reset"]) log.error("watch broke off", { kind: "Alert", error });
    log.error("BuildFailed", { error: "an event tells it" });
    expect(lines).toEqual(["✗ Alert: refused; it is tried again\n", "✗ Alert: reset; it is tried again\n"]);
    expect(logged).toHaveLength(4);
  });

  describe("where the cause of a failed build stands", () => {
    const failed = { object: "local/Kustomization/n/a", outcome: "failed", message: "no", file: "app/a.yaml", line: 3, field: "spec.x" };
    const NO = "✗ Kustomization/n/a: no\n";
    const AT = "  at app/a.yaml:3 (spec.x)\n";
    const emit = (): Promise<void> => tellingEvents(story).emit(event("Warning", "BuildFailed", "no"));

    it("is told below its message, once while it is so", async () => {
      const log = tellingTroubles({ info: () => undefined, error: () => undefined }, story);
      await emit();
      for (let pass = 0; pass < 2; pass++) log.info("pass failed: BuildFailed", failed);
      expect(lines).toEqual([NO, AT]);
      log.info("pass succeeded", { object: failed.object, outcome: "succeeded" });
      await emit();
      log.info("pass failed: BuildFailed", failed);
      expect(lines).toEqual([NO, AT, NO, AT]);
    });

    it("says of whom when somebody else spoke last", async () => {
      const log = tellingTroubles({ info: () => undefined, error: () => undefined }, story);
      await emit();
      story.done("Kustomization/n/b: done");
      log.info("pass failed: BuildFailed", failed);
      expect(lines.at(-1)).toBe("✗ Kustomization/n/a: at app/a.yaml:3 (spec.x)\n");
    });

    it("is not told of what failed elsewhere", () => {
      const logged: string[] = [];
      const log = tellingTroubles({ info: (message) => void logged.push(message), error: () => undefined }, story);
      log.info("pass failed: BuildFailed", { object: failed.object, outcome: "failed", message: "no" });
      log.info("pass succeeded", { object: failed.object, outcome: "succeeded", file: "app/a.yaml" });
      expect(lines).toEqual([]);
      expect(logged).toHaveLength(2);
    });
  });

  it("tells each kind's trouble once, though they take turns", () => {
    const log = tellingTroubles({ info: () => undefined, error: () => undefined }, story);
    for (let round = 0; round < 3; round++)
      for (const kind of ["Alert", "Provider"]) log.error("watch broke off", { kind, error: "LIST: 404: page not found\n" });
    expect(lines).toEqual(["✗ Alert: LIST: 404: page not found; it is tried again\n", "✗ Provider: LIST: 404: page not found; it is tried again\n"]);
  });
});
