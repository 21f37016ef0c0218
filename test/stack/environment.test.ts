import { createEngineFunction } from "@sluice/platform/lambda/engine-function.ts";
import { ENV_CLUSTERS, ENV_SETTINGS } from "@sluice/platform/lambda/environment.ts";
import { createGateFunction } from "@sluice/platform/lambda/gate.ts";
import { createNotifyFunction } from "@sluice/platform/lambda/notify-function.ts";
import { createReceiverFunction } from "@sluice/platform/lambda/receiver-function.ts";
import { createRelayFunction } from "@sluice/platform/lambda/relay.ts";
import { createSweepFunction } from "@sluice/platform/lambda/sweep.ts";
import { createWebhookFunction } from "@sluice/platform/lambda/webhook.ts";
import { expect, it } from "vitest";
import { PRIVATE, synthesize } from "./synthesize.ts";

type Environment = { [name: string]: string | undefined };

/** The composition root of each function, as its handler.ts calls it. */
const ROOTS: { readonly [name: string]: (environment: Environment) => unknown } = {
  webhook: createWebhookFunction,
  source: (environment) => createEngineFunction("source", environment),
  apply: (environment) => createEngineFunction("apply", environment),
  sweep: createSweepFunction,
  relay: createRelayFunction,
  notify: createNotifyFunction,
  receiver: createReceiverFunction,
  "gate-prod": createGateFunction,
};

/** Baked into the bundles of those that talk to clusters. */
const BAKED: { readonly [name: string]: string } = { [ENV_CLUSTERS]: '[{"name":"prod","region":"eu-central-1"}]', [ENV_SETTINGS]: "{}" };
const TALKS_TO_CLUSTERS = ["source", "apply", "sweep", "notify", "receiver"];

const given = new Map(
  synthesize({ clusters: [{ name: "prod", private: PRIVATE }], slack: "sluice/slack", amazonQ: "all" })
    .main.ofType("AWS::Lambda::Function")
    .map(({ Properties }) => [
      Properties.FunctionName.slice("sluice-".length),
      Object.keys(Properties.Environment.Variables).filter((name) => name.startsWith("SLUICE_")),
    ]),
);

/** Which of our variables `root` reads when it is given `names`; it throws when one that it needs is missing. */
function reads(root: (environment: Environment) => unknown, names: readonly string[]): readonly string[] {
  const read = new Set<string>();
  const values: Environment = Object.fromEntries(names.map((name) => [name, BAKED[name] ?? "a.example:443"]));
  root(
    new Proxy(values, {
      get: (_, name) => {
        if (typeof name === "string" && name.startsWith("SLUICE_")) read.add(name);
        return typeof name === "string" ? values[name] : undefined;
      },
    }),
  );
  return [...read].toSorted();
}

it("each function has a root here", () => expect(Object.keys(ROOTS).toSorted()).toEqual([...given.keys()].toSorted()));

it.each(Object.entries(ROOTS))("%s reads exactly the variables that it is given", (name, root) => {
  const names = [...(given.get(name) ?? []), ...(TALKS_TO_CLUSTERS.includes(name) ? Object.keys(BAKED) : [])].toSorted();
  expect(reads(root, names)).toEqual(names);
});
