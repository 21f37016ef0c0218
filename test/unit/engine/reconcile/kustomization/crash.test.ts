import type { Json } from "@sluice/engine/domain/json.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, type PassOptions, type Scenario, startBench } from "../../../../support/reconcile/bench.ts";
import { ownedObjects } from "../../../../support/reconcile/check-status.ts";
import { configMap, definition, job, namespaceOf, thing } from "../../../../support/reconcile/manifests.ts";
import { isWrite } from "../../../../support/reconcile/ports.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const APPS = ["kustomize.toolkit.fluxcd.io/v1", "Kustomization", "apps"] as const;
const GROUP = "NS.example.com";
const group = ({ namespace }: Scenario): string => `${namespace}.example.com`;
const healthy = async (scenario: Scenario, name: string): Promise<void> => {
  const found = await scenario.find(`${group(scenario)}/v1`, "Thing", name);
  if (found !== undefined) await scenario.status(scenario.ref(`${group(scenario)}/v1`, "Thing", name), { conditions: [{ type: "Ready", status: "True" }] });
};

type Story = {
  readonly name: string;
  /** Up to the run that is cut off. */
  readonly arrange: (scenario: Scenario) => Promise<void>;
  /** What somebody else does between runs. */
  readonly between?: (scenario: Scenario) => Promise<void>;
  readonly options?: PassOptions;
  /** It ends in a failure, and a run that was cut off may have announced what then never came to be. */
  readonly fails?: true;
};

const STORIES: readonly Story[] = [
  {
    name: "a first apply",
    arrange: async (scenario) => {
      await scenario.push(namespaceOf("NS-made") + configMap("a") + configMap("b"));
      await scenario.spec({});
    },
  },
  {
    name: "an update with a new, a changed and a removed object",
    arrange: async (scenario) => {
      await scenario.push(configMap("a") + configMap("b") + configMap("gone"));
      await scenario.spec({});
      await scenario.pass();
      await scenario.push(configMap("a", "2") + configMap("b") + configMap("new"));
    },
  },
  {
    name: "a recreation by force",
    arrange: async (scenario) => {
      await scenario.push(job("work", "busybox:1"));
      await scenario.spec({ force: true });
      await scenario.pass();
      await scenario.push(job("work", "busybox:2"));
    },
  },
  {
    name: "a CRD with its custom resource",
    arrange: async (scenario) => {
      await scenario.push(definition(GROUP) + thing(GROUP, "one"));
      await scenario.spec({});
    },
  },
  {
    name: "waiting for health",
    arrange: async (scenario) => {
      await scenario.put(definition(GROUP));
      await scenario.push(thing(GROUP, "one") + configMap("a"));
      await scenario.spec({ wait: true });
      await scenario.pass();
    },
    between: (scenario) => healthy(scenario, "one"),
  },
  {
    name: "a failure in the second stage",
    arrange: async (scenario) => {
      await scenario.push(`${namespaceOf("NS-made")}${configMap("a")}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: Not-Valid, namespace: NS}\n`);
      await scenario.spec({});
    },
    fails: true,
  },
  {
    name: "a deletion",
    arrange: async (scenario) => {
      await scenario.push(configMap("a") + configMap("b"));
      await scenario.spec({ deletionPolicy: "WaitForTermination" });
      await scenario.pass();
      await scenario.remove(scenario.ref(...APPS));
    },
  },
];

/** Everything that a user would find at the end, with no trace of when it was done. */
async function endState(scenario: Scenario, { fails }: Story): Promise<Json> {
  const isThere = (await scenario.object()) !== undefined;
  const objects = ownedObjects(bench.sandbox, "apps", scenario.namespace).map(({ kind, metadata, data, spec }) => ({ kind, name: metadata.name, data, spec }));
  const state = isThere
    ? {
        line: await scenario.line(),
        message: await scenario.message(),
        history: await scenario.history(),
        ...(fails !== true && { inventory: await scenario.inventory() }),
      }
    : { gone: true };
  const text = JSON.stringify({ ...state, objects }, (key, value) => (VOLATILE.has(key) ? undefined : value));
  return JSON.parse(scenario.shown(text).replaceAll(UID, "UID"));
}

/** Made by the server for each object anew. */
const VOLATILE = new Set(["selector", "controller-uid", "batch.kubernetes.io/controller-uid", "digest", "uid"]);
const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Runs until nothing changes any more. */
async function toTheEnd(scenario: Scenario, { between, options }: Story): Promise<void> {
  for (let run = 0; run < 6; run++) {
    await between?.(scenario);
    const pass = await scenario.pass(options);
    if (pass.writes.length === 0 && pass.asked.length === 0) return;
  }
  await scenario.atRest(options);
}

describe.each(STORIES)("$name", (story) => {
  it("ends the same, and forgets nothing, wherever the run before was cut off", async () => {
    const whole = await bench.scenario();
    await story.arrange(whole);
    const { calls } = await whole.pass(story.options);
    await toTheEnd(whole, story);
    const want = await endState(whole, story);
    const wantEvents = createdIn(whole);

    for (let n = 1; n <= calls.length; n++) {
      // Before a read and after the call before it, the world is the same.
      for (const when of n === 1 || isWrite(calls[n - 1] ?? "") ? (["before", "after"] as const) : (["after"] as const)) {
        const scenario = await bench.scenario();
        await story.arrange(scenario);
        await scenario.pass({ ...story.options, cut: { n, when } });
        const where = `cut off ${when} call ${n}, ${calls[n - 1]}`;
        await toTheEnd(scenario, story).catch((error: unknown) => Promise.reject(new Error(where, { cause: error })));
        expect(await endState(scenario, story), where).toEqual(want);
        if (!isLostByNature(calls, n, when)) expect(createdIn(scenario), where).toEqual(wantEvents);
      }
    }
  }, 120_000);
});

/** The objects of which an event says that they were created, whichever event it was. */
const createdIn = (scenario: Scenario): readonly string[] =>
  [
    ...new Set(
      scenario.events.flatMap(({ message }) =>
        scenario
          .shown(message)
          .split("\n")
          .filter((line) => line.endsWith(" created")),
      ),
    ),
  ].toSorted();

/** Between an apply and the event that tells of it there is nothing that would remember. */
function isLostByNature(calls: readonly string[], n: number, when: "before" | "after"): boolean {
  const first = calls.findIndex((line) => line.startsWith("apply "));
  const event = calls.findIndex((line, index) => index > first && line === "emit event");
  const isAfterFirst = when === "after" ? n - 1 >= first : n - 1 > first;
  return first >= 0 && isAfterFirst && (when === "after" ? n - 1 < event : n - 1 <= event);
}
