import { beforeAll, describe, expect, it } from "vitest";
import { DAYS } from "../../simulation/days.ts";
import { recordOf } from "../../simulation/record.ts";
import { type Simulated, simulate } from "../../simulation/simulate.ts";
import { type Check, verdictOn } from "../../simulation/verdict.ts";

/** Three hours of two clusters: one in which Kustomizations fail all the time, one that does not answer for an hour. The whole day: npm run test:simulation. */

const plan = DAYS.small;
let day: Simulated;
let checks: readonly Check[];
const waitsOfSource: number[] = [];
beforeAll(async () => {
  day = await simulate({ ...plan.options, onInvocation: (fn, waited) => void (fn === "source" && waitsOfSource.push(waited)) });
  checks = verdictOn(day, plan);
});

it("holds what a day must hold", () => {
  expect(checks.filter(({ isHeld }) => !isHeld)).toEqual([]);
  expect(checks.length).toBeGreaterThan(5);
});

it("sees every object looked at, again and again", () => {
  const objects = plan.options.clusters.length * (plan.options.kustomizations + 2);
  expect(day.looks.size).toBe(objects);
  expect(Math.min(...[...day.looks.values()].map((moments) => moments.length))).toBeGreaterThan(10);
});

it("has all of it happen: pushes, changes by hand, an hour of silence, failures, delayed looks, events", () => {
  const { bill, drifts, outages, broken } = day;
  const happened = ["webhook", "source", "apply", "sweep", "tick", "relay", "notify"].filter((name) => bill.of(`invocations ${name}`) > 0);
  expect(happened).toHaveLength(7);
  expect(drifts.length).toBeGreaterThan(0);
  expect(outages.size).toBe(1);
  expect(broken).toHaveLength(2);
});

it("keeps nobody who asks for a source waiting for a cluster that is silent", () => {
  expect(Math.max(...waitsOfSource)).toBeGreaterThan(10_000);
  expect(Math.max(...waitsOfSource)).toBeLessThan(20_000);
});

it("is the same day each time", async () => {
  const options = { ...plan.options, clusters: ["failing"] as const, kustomizations: 2, bystanders: 0, hours: 1 };
  const [one, again] = [await simulate(options), await simulate(options)];
  expect(again.looks).toEqual(one.looks);
  expect(again.bill.all()).toEqual(one.bill.all());
});

describe("what it costs", () => {
  it("is within its budget, and every line of it is a number", () => {
    const { lines, dollars } = recordOf(plan, day);
    expect(dollars).toBeLessThan(plan.budget);
    expect(lines.filter(({ dollars: each }) => !(each >= 0))).toEqual([]);
  });
});

describe("a verdict", () => {
  const day0 = (): Simulated => day;
  it.each<{ what: string; spoiled: () => Simulated; names: string }>([
    {
      what: "an object that is not looked at for an hour",
      spoiled: () => ({
        ...day0(),
        looks: new Map([...day0().looks, ["failing-000/Kustomization/flux-system/lost", [day0().from, day0().from + 3_600_000, day0().until]]]),
      }),
      names: "longest wait of a Kustomization",
    },
    { what: "chains of delayed looks that grow", spoiled: () => ({ ...day0(), delayed: [0, 10, 20] }), names: "delayed looks" },
    {
      what: "a change by hand that is never put back",
      spoiled: () => ({ ...day0(), drifts: [{ object: "x", cluster: "failing-000", ms: undefined }] }),
      names: "changes by hand",
    },
    { what: "a dead letter of a cluster that answers", spoiled: () => ({ ...day0(), deadLetters: [{ queue: "apply", body: "{}" }] }), names: "dead letters" },
    { what: "a Kustomization that stays behind", spoiled: () => ({ ...day0(), unready: ["x"] }), names: "not at the revision" },
    { what: "runs for nothing", spoiled: () => ({ ...day0(), swept: { looked: 100, sent: 50, idle: 2 } }), names: "looks of sweeps" },
  ])("tells $what", ({ spoiled, names }) => {
    const failed = verdictOn(spoiled(), plan).filter(({ isHeld }) => !isHeld);
    expect(failed).toHaveLength(1);
    expect(failed[0]?.what).toContain(names);
  });
});
