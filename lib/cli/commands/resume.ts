import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { conditionsOf, observedGenerationOf } from "@sluice/engine/flux/object.ts";
import { computeHealth } from "@sluice/engine/health/compute.ts";
import { Command } from "commander";
import { type AskQueue, createAskQueue } from "../aws/ask-queue.ts";
import type { Cli, Session, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import type { FluxType } from "../flux-types.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { addKindCommands, suspendableTypes } from "../kind-commands.ts";
import { listObjects } from "../list-objects.ts";
import { mergePatch } from "../merge-patch.ts";
import { poll } from "../poll.ts";
import { readObject, refOfType } from "../read-object.ts";
import { isStatic, successText } from "../success.ts";

type Flags = GlobalFlags & { readonly all?: boolean; readonly wait?: boolean | string };

export function resumeCommand(cli: Cli): Command {
  const resume = new Command("resume").summary("Resume suspended resources").option("--all", "resume all resources of the kind in that namespace");
  addKindCommands(resume, suspendableTypes, {
    plural: false,
    about: "Resume reconciliation of a",
    build: (command, type) =>
      command
        .argument("[names...]")
        .option("--all", "resume all resources of the kind in that namespace")
        .option("--wait [boolean]", "wait until each is reconciled; on its own for a single name")
        .action(async (names: string[], _: unknown, self: Command) => resumeSome(cli, type, names, flagsOf<Flags>(self))),
  });
  return resume;
}

/** Source: reference 6.6. */
async function resumeSome(cli: Cli, type: FluxType, given: readonly string[], flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  const { names, wait } = waiting(given, flags.wait);
  if (names.length === 0 && flags.all !== true) throw new Failure(`${type.facts.human} name is required`);
  const session = await cli.connect(settings);
  const resumed = await unsuspend(cli, session, settings, type, names);
  await tellQueue(createAskQueue(cli, session, settings.namespace), settings, type, resumed);
  if (!wait) return;
  const ends = await Promise.all(resumed.map((object) => waitFor(cli, session, settings, type, object)));
  const failed = ends.filter((end) => tell(cli, type, end));
  if (failed.length > 0) throw new Failure(`reconciliation failed for ${failed.length} ${type.facts.kind}(s)`);
}

/** `--wait` takes its value after `=` only, so a word that is none is a name. One name is waited for unless `--wait=false`. */
function waiting(given: readonly string[], flag: boolean | string | undefined): { readonly names: readonly string[]; readonly wait: boolean } {
  const spoken = flag === "true" ? true : flag === "false" ? false : flag;
  if (typeof spoken === "string") return { names: [spoken, ...given], wait: true };
  return { names: given, wait: spoken ?? given.length === 1 };
}

async function unsuspend(cli: Cli, { cluster }: Session, settings: Settings, type: FluxType, names: readonly string[]): Promise<readonly Manifest[]> {
  const { kind, human } = type.facts;
  const objects = await listObjects(cluster, { apiVersion: type.apiVersion, kind, namespace: settings.namespace });
  if (names.length === 0 && objects.length === 0) cli.say.failure(`no ${kind} objects found in ${settings.namespace} namespace`);
  const resumed: Manifest[] = [];
  for (const name of names.length === 0 ? objects.map(({ metadata }) => metadata.name ?? "") : new Set(names)) {
    if (!objects.some(({ metadata }) => metadata.name === name)) {
      cli.say.failure(`${kind} object '${name}' not found in ${settings.namespace} namespace`);
      continue;
    }
    cli.say.action(`resuming ${human} ${name} in ${settings.namespace} namespace`);
    resumed.push(await mergePatch(cluster, refOfType(type, settings, name), { spec: { suspend: null } }));
    cli.say.success(`${human} resumed`);
  }
  return resumed;
}

/** On AWS nobody watches the cluster: they would be found by the next sweep. */
async function tellQueue(askQueue: AskQueue, { namespace }: Settings, { facts }: FluxType, resumed: readonly Manifest[]): Promise<void> {
  for (const object of resumed) {
    const { name = "", generation } = object.metadata;
    if (!isStatic(facts.kind, object)) await askQueue({ group: facts.group, kind: facts.kind, namespace, name }, `resumed ${generation ?? ""}`);
  }
}

type End = { readonly name: string; readonly object?: Manifest; readonly problem?: string };

async function waitFor(cli: Cli, { cluster }: Session, settings: Settings, type: FluxType, resumed: Manifest): Promise<End> {
  const name = resumed.metadata.name ?? "";
  cli.say.waiting(`waiting for ${type.facts.kind} reconciliation`);
  try {
    const object = await poll(cli, settings, async () => {
      const seen = await readObject(cluster, refOfType(type, settings, name));
      return isReady(cli, seen, isStatic(type.facts.kind, resumed)) ? seen : undefined;
    });
    return { name, object };
  } catch (error) {
    if (error instanceof Failure) return { name, problem: error.message };
    throw error;
  }
}

/** Its state is about the spec as it is now, and it is at rest. A failure that a person must look at throws a Failure. */
function isReady(cli: Cli, object: Manifest, nobodyWill: boolean): boolean {
  if (!nobodyWill && !isObserved(object)) return false;
  const health = computeHealth(object, { now: cli.clock.now() });
  switch (health.kind) {
    case "current":
      return true;
    case "in-progress":
      return false;
    case "failed":
    case "terminating":
    case "unknown":
    case "absent":
      throw new Failure(health.message);
  }
}

/** Ready speaks of this generation; where a condition has none of its own, the status does. Source: reference 6.6. */
function isObserved(object: Manifest): boolean {
  const observed = observedGenerationOf(object) ?? 0;
  const ready = conditionsOf(object).find(({ type }) => type === "Ready");
  if (observed < 1 || ready === undefined) return false;
  return (ready.observedGeneration || observed) === object.metadata.generation;
}

/** True when it failed. */
function tell(cli: Cli, { facts }: FluxType, { name, object, problem }: End): boolean {
  if (object === undefined) {
    cli.say.failure(`${facts.kind} ${name} reconciliation failed: ${problem ?? ""}`);
    return true;
  }
  cli.say.success(`${facts.kind} ${name} reconciliation completed`);
  cli.say.success(successText(facts.kind, object));
  return false;
}
