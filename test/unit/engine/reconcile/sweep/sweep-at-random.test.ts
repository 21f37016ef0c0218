import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { afterEach, describe, expect, it } from "vitest";
import { configMap, definition, deployment, thing } from "../../../../support/reconcile/manifests.ts";
import { GROUP, KUSTOMIZATION, type Sweeping, startSweeping } from "../../../../support/reconcile/sweeping.ts";

let at: Sweeping;
afterEach(() => at.stop());

const NAMES = ["one", "two", "three"];

/** Numbers below `below` that look random and are the same in every run. Source: mulberry32. */
function createChance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Three Kustomizations: one with a variable from outside, one that depends on it, one that waits for the health of its object. */
async function startThree(): Promise<void> {
  at = await startSweeping();
  await at.scenario.put(definition(GROUP));
  await at.scenario.put(configMap("vars", "1"));
  await at.push(filesOf("1"));
  await at.scenario.spec({ path: "./one", retryInterval: "1m", postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "vars" }] } }, "one");
  await at.scenario.spec({ path: "./two", retryInterval: "1m", dependsOn: [{ name: "one" }] }, "two");
  await at.scenario.spec({ path: "./three", retryInterval: "1m", wait: true, timeout: "1m" }, "three");
  for (let round = 0; round < 3; round++) await passes();
}

const filesOf = (value: string): { readonly [path: string]: string } => ({
  "one/all.yaml": configMap("a", value) + configMap("b", "x$" + "{key}"),
  "two/all.yaml": configMap("c", value) + deployment("d"),
  "three/all.yaml": thing(GROUP, "one", value.length),
});

async function passes(): Promise<void> {
  await at.settleSource();
  for (const name of NAMES) await at.scenario.pass({ name, isOverlapped: true });
}

type Act = { readonly name: string; readonly do: (chance: (below: number) => number) => Promise<unknown> };

const quietly = (done: Promise<unknown>): Promise<unknown> => done.catch(() => undefined); // the object may be gone by now

const patchKustomization = (chance: (below: number) => number, merge: JsonObject): Promise<unknown> =>
  quietly(at.scenario.merge(at.apps(NAMES[chance(3)] ?? "one"), merge));

const config = (chance: (below: number) => number) => at.scenario.ref("v1", "ConfigMap", ["a", "b", "c"][chance(3)] ?? "a");

const ACTS: readonly Act[] = [
  { name: "nothing", do: async () => undefined },
  { name: "a field changes", do: (chance) => quietly(at.scenario.merge(config(chance), { data: { key: `drift-${chance(1e6)}` } })) },
  { name: "a field comes", do: (chance) => quietly(at.scenario.merge(config(chance), { data: { other: "x" } })) },
  { name: "an object goes", do: (chance) => quietly(at.scenario.remove(config(chance))) },
  {
    name: "labels go",
    do: (chance) => quietly(at.scenario.merge(config(chance), { metadata: { labels: { "kustomize.toolkit.fluxcd.io/name": null } } })),
  },
  { name: "somebody scales", do: (chance) => quietly(at.scenario.merge(at.scenario.ref("apps/v1", "Deployment", "d"), { spec: { replicas: chance(3) } })) },
  { name: "health comes", do: () => quietly(at.say("True")) },
  { name: "health goes", do: () => quietly(at.say("False")) },
  { name: "a push", do: (chance) => at.push(filesOf(String(chance(1e6)))) },
  { name: "a push that the source has seen", do: (chance) => at.move(filesOf(String(chance(1e6)))) },
  { name: "a push that breaks", do: async () => at.move({ ...filesOf("1"), "one/all.yaml": "nonsense: [" }) },
  { name: "a push that takes", do: async () => at.move({ ...filesOf("1"), "two/all.yaml": configMap("c") }) },
  { name: "a path goes", do: async () => at.move({ "one/all.yaml": configMap("a"), "three/all.yaml": thing(GROUP, "one") }) },
  { name: "variables change", do: (chance) => at.scenario.put(configMap("vars", `v-${chance(1e6)}`)) },
  { name: "suspended", do: (chance) => patchKustomization(chance, { spec: { suspend: true } }) },
  { name: "resumed", do: (chance) => patchKustomization(chance, { spec: { suspend: false } }) },
  { name: "asked", do: (chance) => patchKustomization(chance, { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": String(chance(1e6)) } } }) },
  { name: "no pruning", do: (chance) => patchKustomization(chance, { spec: { prune: chance(2) === 0 } }) },
  { name: "renders are lost", do: async () => at.scenario.memory.renders.clear() },
  { name: "artifacts are lost", do: async () => at.scenario.memory.artifacts.clear() },
  { name: "the remote is silent", do: async () => at.remote.fail({ kind: "failed", why: "unreachable", message: "no" }) },
  { name: "the remote is back", do: async () => at.remote.fail(undefined) },
  {
    name: "a pass is cut off",
    do: (chance) => at.scenario.pass({ name: NAMES[chance(3)] ?? "one", cut: { n: 1 + chance(20), when: "after" }, isOverlapped: true }),
  },
  { name: "time goes by", do: async (chance) => at.scenario.wait(1000 * chance(600)) },
];

describe("whatever happened: what a sweep leaves has nothing to do, what it sends has, and it writes nothing", () => {
  it.each([1, 2, 3])("seed %s", async (seed) => {
    await startThree();
    const chance = createChance(seed);
    let sent = 0;
    let passed = 0;
    for (let round = 0; round < 25; round++) {
      const acts = Array.from({ length: 1 + chance(3) }, () => ACTS[chance(ACTS.length)]).filter((act) => act !== undefined);
      for (const act of acts) await act.do(chance);
      const { report } = await at.sweep().catch((error: unknown) => {
        throw new Error(`round ${round}: ${acts.map(({ name }) => name).join(", ")}`, { cause: error });
      });
      passed += report.passed;
      sent += Object.values(report.sent).reduce((sum, count) => sum + count, 0);
    }
    // Neither all nor nothing: else one half of what is held here would never have been tried.
    expect(sent).toBeGreaterThan(10);
    expect(passed).toBeGreaterThan(10);
    expect((await at.scenario.names(KUSTOMIZATION, "Kustomization")).toSorted()).toEqual(NAMES.toSorted());
  });
});
