import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { Command } from "commander";
import type { Cli, Session } from "../cli.ts";
import { Failure } from "../failure.ts";
import { textAt } from "../fields.ts";
import { flagsOf } from "../flags.ts";
import { ALL_TYPES, type FluxType, TYPES } from "../flux-types.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { addKindCommands } from "../kind-commands.ts";
import { listObjects } from "../list-objects.ts";
import { readObject, refOfType } from "../read-object.ts";
import { renderExport, renderSecret } from "../render/exported.ts";

type Flags = GlobalFlags & { readonly all?: boolean; readonly withCredentials?: boolean };

/** Sources that may have credentials in a Secret beside them. Source: reference 6.9. */
const WITH_SECRETS: readonly FluxType[] = [TYPES.GitRepository, TYPES.OCIRepository, TYPES.HelmRepository, TYPES.Bucket];

export function exportCommand(cli: Cli): Command {
  const verb = new Command("export").summary("Export resources in YAML format").option("--all", "select all resources of the kind in that namespace");
  addKindCommands(verb, ALL_TYPES, {
    plural: false,
    about: "Export",
    build: (command, type) => {
      command.argument("[name...]").option("--all", "select all resources of the kind in that namespace");
      if (WITH_SECRETS.includes(type)) command.option("--with-credentials", "include the Secret with the credentials");
      return command.action(async (names: string[], _: unknown, self: Command) => exportSome(cli, type, names[0], flagsOf<Flags>(self)));
    },
  });
  return verb;
}

async function exportSome(cli: Cli, type: FluxType, name: string | undefined, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  if (name === undefined && flags.all !== true) throw new Failure("name is required");
  const session = await cli.connect(settings);
  const { namespace } = settings;
  const objects =
    flags.all === true
      ? await listObjects(session.cluster, { apiVersion: type.apiVersion, kind: type.facts.kind, namespace })
      : [await readObject(session.cluster, refOfType(type, settings, name ?? ""))];
  if (objects.length === 0) throw new Failure(`no objects found in ${namespace} namespace`);
  for (const object of objects) {
    cli.out(renderExport(object));
    if (flags.withCredentials === true) await exportSecret(cli, session, object);
  }
}

async function exportSecret(cli: Cli, { cluster }: Session, object: Manifest): Promise<void> {
  const name = textAt(object, "spec", "secretRef", "name");
  if (name === "") return;
  const secret = await readObject(cluster, { apiVersion: "v1", kind: "Secret", namespace: object.metadata.namespace ?? "", name }).catch((error: unknown) => {
    throw error instanceof Failure ? new Failure(`failed to retrieve secret ${name}, error: ${error.message}`) : error;
  });
  cli.out(renderSecret(secret));
}
