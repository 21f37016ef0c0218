import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { isWrite } from "../reconcile/ports.ts";
import type { ReleaseBench, ReleaseScenario } from "./release-bench.ts";

/** A second object that the API server will not have as long as `bad` is given. */
const BREAKABLE = {
  "templates/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {colour: "{{ .Values.colour }}"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ if .Values.bad }}Not_A_Name{{ else }}other{{ end }}}
`,
};

export type Story = { readonly name: string; readonly arrange: (scenario: ReleaseScenario) => Promise<void> };

const begun = async (scenario: ReleaseScenario, spec: JsonObject = {}): Promise<void> => {
  await scenario.chart("1.0.0", BREAKABLE);
  await scenario.spec(spec);
};

export const STORIES: readonly Story[] = [
  { name: "an install", arrange: (scenario) => begun(scenario) },
  {
    name: "an upgrade",
    arrange: async (scenario) => {
      await begun(scenario);
      await scenario.settle();
      await scenario.spec({ values: { colour: "green" } });
    },
  },
  {
    name: "an upgrade that fails and is rolled back, twice",
    arrange: async (scenario) => {
      const upgrade = { remediation: { retries: 1 } };
      await begun(scenario, { upgrade });
      await scenario.settle();
      await scenario.spec({ values: { colour: "green", bad: true }, upgrade });
    },
  },
  {
    name: "an install that fails and is taken away",
    arrange: (scenario) => begun(scenario, { values: { colour: "blue", bad: true }, install: { remediation: { retries: 1, remediateLastFailure: true } } }),
  },
  {
    name: "an upgrade that was asked for",
    arrange: async (scenario) => {
      await begun(scenario);
      await scenario.settle();
      const at = "2030-01-01T00:00:00Z";
      await scenario.spec({}, { "reconcile.fluxcd.io/requestedAt": at, "reconcile.fluxcd.io/forceAt": at });
    },
  },
  {
    name: "a release that moves to another name",
    arrange: async (scenario) => {
      await begun(scenario);
      await scenario.settle();
      await scenario.spec({ releaseName: "other" });
    },
  },
  {
    name: "a deletion",
    arrange: async (scenario) => {
      await begun(scenario);
      await scenario.settle();
      await scenario.remove();
    },
  },
];

/** All that must be the same, however often it was cut off. */
async function endState(scenario: ReleaseScenario): Promise<unknown> {
  const there = (await scenario.object()) !== undefined;
  return {
    stored: [...(await scenario.stored()), ...(await scenario.stored(scenario.namespace, "other"))],
    objects: await scenario.names("ConfigMap"),
    ...(there && { line: await scenario.line(), history: await scenario.history(), message: await scenario.message() }),
  };
}

/** Cuts the pass of a story off at call after call, each time in a scenario of its own, and lets another process go on. Answers where it came to another end. */
export async function cutEverywhere(bench: ReleaseBench, { arrange }: Story, cuts: "all" | "behind writes"): Promise<readonly string[]> {
  const whole = await bench.scenario();
  await arrange(whole);
  const { calls } = await whole.pass();
  await whole.settle();
  const wanted = JSON.stringify(await endState(whole));
  const differing: string[] = [];
  for (const [index, call] of calls.entries()) {
    for (const when of cuts === "all" ? (["before", "after"] as const) : isWrite(call) ? (["after"] as const) : []) {
      const scenario = await bench.scenario();
      await arrange(scenario);
      await scenario.pass({ cut: { n: index + 1, when } });
      await scenario.settle();
      const got = JSON.stringify(await endState(scenario));
      if (got !== wanted) differing.push(`cut ${when} call ${index + 1}, ${call}: ${got}, not ${wanted}`);
    }
  }
  return differing;
}
