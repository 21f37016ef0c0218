import type { Health } from "@sluice/engine/domain/health.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ABSENT } from "@sluice/engine/health/answers.ts";
import { awaited, goneIsDone, terminated, type Watched } from "@sluice/engine/health/awaited.ts";
import { describe, expect, it } from "vitest";

const health = (kind: Health["kind"], message = ""): Health => ({ kind, message });
const watch = (name: string, of: Health, ends?: boolean): Watched => ({
  ref: { apiVersion: "apps/v1", kind: "Deployment", namespace: "n", name },
  health: of,
  ...(ends !== undefined && { goneIsDone: ends }),
});
const text = (watched: readonly Watched[], timedOut = false, failFast = true): string => {
  const end = awaited(watched, { timedOut, failFast });
  if (end.kind === "waiting") return `waiting ${end.pending.map(({ name }) => name).join(",")}`;
  return end.kind === "failed" ? `failed${end.early ? " early" : ""}: ${end.message}` : end.kind;
};

describe("awaited", () => {
  it.each<{ name: string; watched: readonly Watched[]; timedOut?: boolean; failFast?: boolean; want: string }>([
    { name: "nothing", watched: [], want: "done" },
    { name: "nothing, too late", watched: [], timedOut: true, want: "done" },
    { name: "all current", watched: [watch("a", health("current")), watch("b", health("current"))], want: "done" },
    { name: "some not", watched: [watch("a", health("current")), watch("b", health("in-progress")), watch("c", health("terminating"))], want: "waiting b,c" },
    { name: "not there yet", watched: [watch("a", ABSENT)], want: "waiting a" },
    { name: "not to be found out yet", watched: [watch("a", health("unknown", "no"))], want: "waiting a" },
    {
      name: "one failed, one on its way",
      watched: [watch("a", health("in-progress")), watch("b", health("failed", "crash"))],
      want: "failed early: failed early due to stalled resources: [Deployment/n/b status: 'Failed']",
    },
    { name: "the same without failing fast", watched: [watch("a", health("in-progress")), watch("b", health("failed"))], failFast: false, want: "waiting a,b" },
    {
      name: "nothing left that could change, without failing fast",
      watched: [watch("a", health("current")), watch("b", health("failed"))],
      failFast: false,
      want: "failed early: failed early due to stalled resources: [Deployment/n/b status: 'Failed']",
    },
    {
      name: "out of time",
      watched: [
        watch("a", health("in-progress", "Replicas: 0/1")),
        watch("b", health("current")),
        watch("c", ABSENT),
        watch("d", health("terminating")),
        watch("e", health("failed")),
      ],
      timedOut: true,
      want: "failed: timeout waiting for: [Deployment/n/a status: 'InProgress', Deployment/n/c status: 'NotFound', Deployment/n/d status: 'Terminating', Deployment/n/e status: 'Failed']",
    },
    {
      name: "out of time, with what could not be found out",
      watched: [watch("gate", health("unknown", "failed to evaluate the CEL expression 'data.phase == 'done'': no such key: phase"))],
      timedOut: true,
      want: "failed: timeout waiting for: [Deployment/n/gate status: 'Unknown': failed to evaluate the CEL expression 'data.phase == 'done'': no such key: phase]",
    },
    { name: "a Job that is gone after it finished", watched: [watch("a", ABSENT, true)], want: "done" },
    { name: "the same out of time", watched: [watch("a", ABSENT, true)], timedOut: true, want: "done" },
    { name: "such a Job that is still there", watched: [watch("a", health("in-progress"), true)], want: "waiting a" },
  ])("$name → $want", ({ watched, timedOut, failFast, want }) => expect(text(watched, timedOut, failFast)).toBe(want));
});

describe("goneIsDone", () => {
  it.each<[string, string, object, boolean]>([
    ["batch/v1", "Job", { ttlSecondsAfterFinished: 60 }, true],
    ["batch/v1", "Job", { ttlSecondsAfterFinished: 0 }, true],
    ["batch/v1", "Job", {}, false],
    ["batch/v1", "CronJob", { ttlSecondsAfterFinished: 60 }, false],
    ["example.com/v1", "Job", { ttlSecondsAfterFinished: 60 }, false],
  ])("%s %s %j → %s", (apiVersion, kind, spec, want) => expect(goneIsDone({ apiVersion, kind, metadata: { name: "a" }, spec } as Manifest)).toBe(want));
});

describe("terminated", () => {
  const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "n", name: "a" };
  it.each([
    [[], false, { kind: "done" }],
    [[], true, { kind: "done" }],
    [[ref], false, { kind: "waiting", pending: [ref] }],
    [[ref], true, { kind: "failed", early: false, message: "ConfigMap/n/a termination timeout: context deadline exceeded" }],
  ])("%j, out of time: %s", (left, timedOut, want) => expect(terminated(left, timedOut)).toEqual(want));
});
