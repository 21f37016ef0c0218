import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { isOneOf, OWN_PROVIDER_TYPES } from "@sluice/engine/domain/provider-type.ts";
import { Command } from "commander";
import type { Cli, Session, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { textAt } from "../fields.ts";
import { flagsOf } from "../flags.ts";
import { ALL_TYPES, type FluxType, TYPES } from "../flux-types.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { addKindCommands } from "../kind-commands.ts";
import { listObjects, NoSuchKind } from "../list-objects.ts";
import { readObject, refOfType } from "../read-object.ts";
import { renderExport, renderSecret } from "../render/exported.ts";

type Flags = GlobalFlags & {
  readonly all?: boolean;
  readonly withCredentials?: boolean;
  readonly forFlux?: boolean;
  readonly allNamespaces?: boolean;
};

/** Sources that may have credentials in a Secret beside them. Source: reference 6.9. */
const WITH_SECRETS: readonly FluxType[] = [TYPES.GitRepository, TYPES.OCIRepository, TYPES.HelmRepository, TYPES.Bucket];

export function exportCommand(cli: Cli): Command {
  const verb = new Command("export")
    .summary("Export resources in YAML format")
    .option("--all", "select all resources of the kind in that namespace")
    .option("--for-flux", "export every Flux resource that Flux itself takes, and name those that use what only Sluice has")
    .option("-A, --all-namespaces", "with --for-flux: of all namespaces");
  verb.action(async (_: unknown, self: Command) => {
    const flags = flagsOf<Flags>(self);
    if (flags.forFlux !== true) return self.help();
    await exportForFlux(cli, flags);
  });
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
  const objects =
    flags.all === true ? await listOf(session, type, settings.namespace) : [await readObject(session.cluster, refOfType(type, settings, name ?? ""))];
  if (objects.length === 0) throw new Failure(`no objects found in ${settings.namespace} namespace`);
  for (const object of objects) {
    cli.out(renderExport(object));
    if (flags.withCredentials === true) await exportSecret(cli, session, object);
  }
}

const listOf = ({ cluster }: Session, type: FluxType, namespace: string | undefined): Promise<readonly Manifest[]> =>
  listObjects(cluster, { apiVersion: type.apiVersion, kind: type.facts.kind, ...(namespace !== undefined && { namespace }) });

/** What Flux would refuse is left out and named, and the command fails: whoever goes back to Flux must know what goes silent. */
async function exportForFlux(cli: Cli, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  const objects = await everyObject(await cli.connect(settings), settings, flags);
  if (objects.length === 0) throw new Failure(`no objects found in ${flags.allNamespaces === true ? "any" : settings.namespace} namespace`);
  const own = new Map(objects.filter(isOwnProvider).map((provider) => [keyOf(provider.metadata.namespace, provider.metadata.name), provider]));
  for (const object of objects) if (!isOwnProvider(object)) cli.out(renderExport(object));
  for (const [key, provider] of own) cli.say.warning(`Provider/${key} is left out: Flux has no type ${textAt(provider, "spec", "type")}`);
  const silent = objects.filter((object) => own.has(providerOf(object)));
  for (const { metadata } of silent) cli.say.warning(`Alert/${keyOf(metadata.namespace, metadata.name)} uses a Provider that is left out`);
  if (own.size > 0) throw new Failure(`${own.size} object(s) use what Flux does not have`);
}

async function everyObject(session: Session, { namespace }: Settings, { allNamespaces }: Flags): Promise<readonly Manifest[]> {
  const lists = await Promise.all(ALL_TYPES.map((type) => listOf(session, type, allNamespaces === true ? undefined : namespace).catch(ifNotServed)));
  return lists.flat();
}

function ifNotServed(error: unknown): readonly Manifest[] {
  if (error instanceof NoSuchKind) return [];
  throw error;
}

const keyOf = (namespace = "", name = ""): string => `${namespace}/${name}`;

const isOwnProvider = (object: Manifest): boolean => object.kind === TYPES.Provider.facts.kind && isOneOf(OWN_PROVIDER_TYPES, textAt(object, "spec", "type"));

/** The Provider that an Alert names; empty for other kinds. */
const providerOf = (object: Manifest): string =>
  object.kind === TYPES.Alert.facts.kind ? keyOf(object.metadata.namespace, textAt(object, "spec", "providerRef", "name")) : "";

async function exportSecret(cli: Cli, { cluster }: Session, object: Manifest): Promise<void> {
  const name = textAt(object, "spec", "secretRef", "name");
  if (name === "") return;
  const secret = await readObject(cluster, { apiVersion: "v1", kind: "Secret", namespace: object.metadata.namespace ?? "", name }).catch((error: unknown) => {
    throw error instanceof Failure ? new Failure(`failed to retrieve secret ${name}, error: ${error.message}`) : error;
  });
  cli.out(renderSecret(secret));
}
