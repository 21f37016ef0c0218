import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { conditionsOf, handledRequestOf, isSuspended, REQUESTED_AT } from "@sluice/engine/flux/object.ts";
import { computeHealth } from "@sluice/engine/health/compute.ts";
import { Command } from "commander";
import { type AskQueue, createAskQueue } from "../aws/ask-queue.ts";
import type { Cli, Session, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { hasAt, textAt } from "../fields.ts";
import { flagsOf } from "../flags.ts";
import { ALL_TYPES, type FluxType, TYPES } from "../flux-types.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { addKindCommands } from "../kind-commands.ts";
import { mergePatch } from "../merge-patch.ts";
import { poll } from "../poll.ts";
import { readObject, refOfType } from "../read-object.ts";
import { rfc3339Nano } from "../rfc3339-nano.ts";
import { isStatic, successText } from "../success.ts";

type Flags = GlobalFlags & { readonly withSource?: boolean; readonly force?: boolean; readonly reset?: boolean };

const FORCE_AT = "reconcile.fluxcd.io/forceAt";
const RESET_AT = "reconcile.fluxcd.io/resetAt";

const TYPES_TO_ASK = ALL_TYPES.filter(({ facts }) => facts.reconcilable && facts.kind !== "ArtifactGenerator");

export function reconcileCommand(cli: Cli): Command {
  const reconcile = new Command("reconcile").summary("Reconcile sources and resources");
  addKindCommands(reconcile, TYPES_TO_ASK, {
    plural: false,
    about: "Reconcile a",
    build: (command, type) => {
      command.argument("[names...]");
      if (hasSource(type)) command.option("--with-source", `reconcile the source of the ${type.facts.kind} first`);
      if (type === TYPES.HelmRelease) {
        command.option("--force", "force a one-off install or upgrade of the release");
        command.option("--reset", "reset the failure counts of the release");
      }
      return command.action(async (names: string[], _: unknown, self: Command) => reconcileOne(cli, type, names[0], flagsOf<Flags>(self)));
    },
  });
  return reconcile;
}

const hasSource = (type: FluxType): boolean => type === TYPES.Kustomization || type === TYPES.HelmRelease || type === TYPES.HelmChart;

async function reconcileOne(cli: Cli, type: FluxType, name: string | undefined, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  if (name === undefined) throw new Failure(`${type.facts.kind} name is required`);
  const session = await cli.connect(settings);
  await request(cli, { ...session, askQueue: createAskQueue(cli, session, settings.namespace) }, settings, type, name, flags);
}

type Asking = Session & { readonly askQueue: AskQueue };

/** Asks for a look by annotation, and waits until that look has been taken. Source: reference 6.5. */
async function request(cli: Cli, session: Asking, settings: Settings, type: FluxType, name: string, flags: Flags): Promise<void> {
  const ref = refOfType(type, settings, name);
  const before = await readObject(session.cluster, ref);
  const { kind } = type.facts;
  if (isStatic(kind, before)) return cli.say.success("reconciliation not supported by the object");
  if (isSuspended(before)) throw new Failure("resource is suspended");
  if (flags.withSource === true) await requestSource(cli, session, settings, type, before);

  cli.say.action(`annotating ${kind} ${name} in ${settings.namespace} namespace`);
  const now = rfc3339Nano(cli.clock.now());
  const annotations = { [REQUESTED_AT]: now, ...(flags.force === true && { [FORCE_AT]: now }), ...(flags.reset === true && { [RESET_AT]: now }) };
  await mergePatch(session.cluster, ref, { metadata: { annotations } });
  cli.say.success(`${kind} annotated`);
  await session.askQueue({ group: type.facts.group, kind, namespace: settings.namespace, name }, now);

  cli.say.waiting(`waiting for ${kind} reconciliation`);
  const handledBefore = handledRequestOf(before);
  const after = await poll(cli, settings, async () => {
    const object = await readObject(session.cluster, ref);
    return handledRequestOf(object) === handledBefore ? undefined : settled(cli, object);
  });
  const ready = conditionsOf(after).find((condition) => condition.type === "Ready");
  if (ready === undefined) throw new Failure("status can't be determined");
  if (ready.status !== "True") throw new Failure(`${kind} reconciliation failed: ${hasSource(type) ? ready.message : `'${ready.message}'`}`);
  cli.say.success(successText(kind, after));
}

/** The object once it is at rest; a failure that a person must look at ends the waiting. */
function settled(cli: Cli, object: Manifest): Manifest | undefined {
  const health = computeHealth(object, { now: cli.clock.now() });
  switch (health.kind) {
    case "current":
      return object;
    case "in-progress":
      return undefined;
    case "failed":
    case "terminating":
    case "unknown":
    case "absent":
      throw new Failure(health.message);
  }
}

async function requestSource(cli: Cli, session: Asking, settings: Settings, type: FluxType, object: Manifest): Promise<void> {
  const source = sourceOf(type, object);
  if (source.type === undefined) throw new Failure(`cannot reconcile source of kind ${source.kind}`);
  const withSource = source.type === TYPES.HelmChart; // a chart is fetched out of its own source
  await request(cli, session, { ...settings, namespace: source.namespace || settings.namespace }, source.type, source.name, { withSource });
}

type Source = { readonly type: FluxType | undefined; readonly kind: string; readonly name: string; readonly namespace: string };

/** Which source stands behind an object, and whether one can ask for it. Source: reference 6.5. */
function sourceOf(type: FluxType, object: Manifest): Source {
  const named = (candidates: readonly FluxType[], ...path: readonly string[]): Source => {
    const kind = textAt(object, ...path, "kind");
    const found = candidates.find(({ facts }) => facts.kind === kind);
    return { type: found, kind, name: textAt(object, ...path, "name"), namespace: textAt(object, ...path, "namespace") };
  };
  if (type === TYPES.Kustomization) return named([TYPES.OCIRepository, TYPES.GitRepository, TYPES.Bucket], "spec", "sourceRef");
  if (type === TYPES.HelmChart) return named([TYPES.HelmRepository, TYPES.GitRepository, TYPES.Bucket], "spec", "sourceRef");
  if (hasAt(object, "spec", "chartRef")) return named([TYPES.HelmChart, TYPES.OCIRepository], "spec", "chartRef");
  const namespace = textAt(object, "spec", "chart", "spec", "sourceRef", "namespace") || (object.metadata.namespace ?? "");
  return { type: TYPES.HelmChart, kind: "HelmChart", name: `${object.metadata.namespace}-${object.metadata.name}`, namespace };
}
