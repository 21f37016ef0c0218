import { hours } from "@sluice/engine/domain/time.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Bench, type Scenario, startBench } from "../../../../support/reconcile/bench.ts";
import { findOrphans } from "../../../../support/reconcile/check-status.ts";
import { configMap } from "../../../../support/reconcile/manifests.ts";

let bench: Bench;
let scenario: Scenario;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  scenario = await bench.scenario();
});

const REF = ["kustomize.toolkit.fluxcd.io/v1", "Kustomization", "apps"] as const;

/** Runs `other` in the moment before call `n` of a run. The end is looked at when both have ended. */
async function interleaved(n: number, other: () => Promise<unknown>): Promise<readonly string[]> {
  const run = await scenario.pass({ hold: async (call) => (call === n ? void (await other()) : undefined), isOverlapped: true });
  return run.calls;
}

describe("two runs at once", () => {
  it.each<{ name: string; other: () => Promise<unknown> }>([
    { name: "over the same revision", other: async () => undefined },
    { name: "the other over a newer revision", other: () => scenario.push(configMap("a", "2") + configMap("c")) },
    { name: "the other over one that prunes all but one", other: () => scenario.push(configMap("a")) },
  ])("$name: whenever the other comes, nothing is left that nobody would prune", async ({ other }) => {
    for (let n = 1; n <= 24; n++) {
      scenario = await bench.scenario();
      await scenario.push(configMap("a") + configMap("b"));
      await scenario.spec({});
      await scenario.pass();
      await scenario.push(configMap("a", "1b") + configMap("b", "1b") + configMap("d"));
      let ran = false;
      await interleaved(n, async () => {
        ran = true;
        await other();
        await scenario.pass({ isOverlapped: true });
      });
      await scenario.pass();
      await scenario.atRest();
      const object = await scenario.object();
      expect(object === undefined ? [] : findOrphans(bench.sandbox, object), `before call ${n}`).toEqual([]);
      expect(await scenario.inventory(), `before call ${n}`).toEqual((await scenario.names("v1", "ConfigMap")).map((name) => `NS_${name}__ConfigMap v1`));
      if (!ran) break;
    }
  }, 120_000);

  it("a deletion in the middle: what the run has made by then goes, too", async () => {
    for (let n = 6; n <= 20; n++) {
      scenario = await bench.scenario();
      await scenario.push(configMap("a"));
      await scenario.spec({});
      await scenario.pass();
      await scenario.push(configMap("a") + configMap("b"));
      let ran = false;
      await interleaved(n, async () => {
        ran = true;
        await scenario.remove(scenario.ref(...REF));
      });
      if (!ran) break;
      await scenario.pass();
      expect((await scenario.object()) === undefined, `gone, before call ${n}`).toBe(true);
      expect(await scenario.names("v1", "ConfigMap"), `before call ${n}`).toEqual([]);
    }
  }, 120_000);
});

describe("somebody else in the middle of a run", () => {
  beforeEach(async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
  });

  it("an annotation does not stop it", async () => {
    const calls = await interleaved(12, () => scenario.merge(scenario.ref(...REF), { metadata: { annotations: { note: "1" } } }));
    expect(calls.filter((line) => line.startsWith("patch status")).length).toBeGreaterThanOrEqual(2);
    expect(await scenario.line()).toBe("Ready=True:ReconciliationSucceeded | observed 1 of 1");
  });

  it("a condition of somebody else survives", async () => {
    const foreign = { type: "Audited", status: "True", reason: "Auditor", message: "m", lastTransitionTime: "2030-01-01T00:00:00Z", observedGeneration: 1 };
    await scenario.pass();
    const conditions = ((await scenario.object())?.status as { conditions: object[] }).conditions;
    await scenario.status(scenario.ref(...REF), { conditions: [...conditions, foreign] as never });
    await scenario.push(configMap("a", "2"));
    await scenario.pass();
    expect(await scenario.line()).toBe("Ready=True:ReconciliationSucceeded Audited=True:Auditor | observed 1 of 1");
  });

  it("a changed spec ends it: the new one is looked at, at once", async () => {
    const first = await scenario.pass({ hold: async (n) => (n === 10 ? scenario.spec({ interval: "5m" }) : undefined) });
    expect(first.outcome).toBe("skipped");
    expect(first.queued).toEqual(["Kustomization/NS/apps (skipped) in 0.75s"]);
    await scenario.settle();
    expect(await scenario.line()).toBe("Ready=True:ReconciliationSucceeded | observed 2 of 2");
  });

  it("its Kustomization is gone at the end: it says nothing and throws nothing", async () => {
    await scenario.pass();
    await scenario.push(configMap("a", "2"));
    const run = await scenario.pass({
      hold: async (n) => {
        if (n !== 9) return;
        await scenario.merge(scenario.ref(...REF), { metadata: { finalizers: null } });
        await scenario.remove(scenario.ref(...REF));
      },
    });
    expect(run.outcome).toBe("skipped");
  });
});

describe("a clock that jumps", () => {
  it.each([-hours(48), hours(48)])("by %d ms: the next run ends as ever, and the one after it has nothing to do", async (jump) => {
    await scenario.push(configMap("a"));
    await scenario.spec({ wait: true });
    await scenario.pass();
    scenario.wait(jump);
    const pass = await scenario.pass();
    expect(pass.outcome).toBe("succeeded");
    expect(pass.writes).toEqual([]);
    await scenario.push(configMap("a", "2"));
    await scenario.settle();
    expect(await scenario.line()).toBe("Ready=True:ReconciliationSucceeded Healthy=True:Succeeded | observed 1 of 1");
    scenario.wait(-jump);
  });

  it("backwards in the middle of a wait for health: it goes on waiting, and no duration is negative", async () => {
    await scenario.put("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: NS}\n");
    await scenario.push(configMap("a"));
    await scenario.spec({ healthChecks: [{ apiVersion: "v1", kind: "ConfigMap", name: "late", namespace: scenario.namespace }], timeout: "1m" });
    expect((await scenario.pass()).outcome).toBe("progressing");
    scenario.wait(-hours(1));
    expect((await scenario.pass()).outcome).toBe("progressing");
    await scenario.put(configMap("late"));
    await scenario.pass();
    expect(await scenario.line()).toBe("Ready=True:ReconciliationSucceeded Healthy=True:Succeeded | observed 1 of 1");
    expect(await scenario.message("Healthy")).not.toContain("-");
    scenario.wait(hours(1));
  });
});
