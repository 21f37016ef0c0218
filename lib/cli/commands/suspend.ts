import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { Command } from "commander";
import type { Cli, Session, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import type { FluxType } from "../flux-types.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { addKindCommands, suspendableTypes } from "../kind-commands.ts";
import { listObjects } from "../list-objects.ts";
import { mergePatch } from "../merge-patch.ts";
import { refOfType } from "../read-object.ts";

type Flags = GlobalFlags & { readonly all?: boolean };

export function suspendCommand(cli: Cli): Command {
  const suspend = new Command("suspend").summary("Suspend resources").option("--all", "suspend all resources of the kind in that namespace");
  addKindCommands(suspend, suspendableTypes, {
    plural: false,
    about: "Suspend reconciliation of a",
    build: (command, type) =>
      command
        .argument("[names...]")
        .option("--all", "suspend all resources of the kind in that namespace")
        .action(async (names: string[], _: unknown, self: Command) => suspendSome(cli, type, names, flagsOf<Flags>(self))),
  });
  return suspend;
}

/** A name that is not there is told, and is no failure of the command. Source: reference 6.6. */
async function suspendSome(cli: Cli, type: FluxType, names: readonly string[], flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  if (names.length === 0 && flags.all !== true) throw new Failure(`${type.facts.human} name is required`);
  const session = await cli.connect(settings);
  const objects = await listObjects(session.cluster, { apiVersion: type.apiVersion, kind: type.facts.kind, namespace: settings.namespace });
  if (names.length === 0) {
    if (objects.length === 0) throw new Failure("no objects found");
    for (const object of objects) await suspendOne(cli, session, settings, type, object);
    return;
  }
  for (const name of new Set(names)) {
    const object = objects.find(({ metadata }) => metadata.name === name);
    if (object === undefined) cli.say.failure(`${type.facts.kind} ${name} not found in ${settings.namespace} namespace`);
    else await suspendOne(cli, session, settings, type, object).catch(asFailed(cli, settings, type, name));
  }
}

async function suspendOne(cli: Cli, { cluster }: Session, settings: Settings, type: FluxType, { metadata }: Manifest): Promise<void> {
  const { human } = type.facts;
  cli.say.action(`suspending ${human} ${metadata.name} in ${settings.namespace} namespace`);
  await mergePatch(cluster, refOfType(type, settings, metadata.name ?? ""), { spec: { suspend: true } });
  cli.say.success(`${human} suspended`);
}

/** What the server refused is told, and the next name has its turn. */
const asFailed =
  (cli: Cli, { namespace }: Settings, { facts }: FluxType, name: string) =>
  (error: unknown): void => {
    if (!(error instanceof Failure)) throw error;
    cli.say.failure(`failed suspending ${facts.kind} ${name} in ${namespace} namespace: ${error.message}`);
  };
