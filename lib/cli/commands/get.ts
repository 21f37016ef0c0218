import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { Command } from "commander";
import type { Cli, Session, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import { ALL_TYPES, type FluxType, TYPES } from "../flux-types.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { addKindCommands } from "../kind-commands.ts";
import { checkLabelSelector, labelMatcher } from "../label-selector.ts";
import { listObjects, NoSuchKind } from "../list-objects.ts";
import { headerOf, rowOf } from "../render/get-row.ts";
import { renderTable } from "../render/table.ts";
import { parseStatusSelector, type StatusSelector } from "../status-selector.ts";

type Flags = GlobalFlags & {
  readonly allNamespaces?: boolean;
  readonly header?: boolean;
  readonly statusSelector?: string;
  readonly labelSelector?: string;
  readonly watch?: boolean;
  readonly showSource?: boolean;
};

/** Which tables `get all` prints, in this order. Source: reference 6.4. */
const SOURCES = [TYPES.OCIRepository, TYPES.Bucket, TYPES.GitRepository, TYPES.HelmRepository, TYPES.HelmChart, TYPES.ExternalArtifact];
const IMAGES = [TYPES.ImageRepository, TYPES.ImagePolicy, TYPES.ImageUpdateAutomation];
const OTHERS = [TYPES.HelmRelease, TYPES.Kustomization, TYPES.Receiver, TYPES.Provider, TYPES.Alert];

export function getCommand(cli: Cli): Command {
  const get = withFlags(new Command("get").summary("Get the resources and their status"));
  const families = addKindCommands(get, ALL_TYPES, {
    plural: true,
    about: "Get statuses of",
    build: (command, type) => {
      if (hasSource(type)) command.option("--show-source", "show the source of each object");
      return withFlags(command.argument("[names...]")).action(async (names: string[], _: unknown, self: Command) =>
        getOne(cli, type, names, flagsOf<Flags>(self)),
      );
    },
  });
  for (const family of families.values()) withFlags(family);
  const all = (parent: Command | undefined, types: readonly FluxType[], about: string): void => {
    parent?.addCommand(
      withFlags(new Command("all").argument("[names...]").summary(about)).action(async (names: string[], _: unknown, self: Command) =>
        getAll(cli, types, names, flagsOf<Flags>(self)),
      ),
    );
  };
  all(get, [...SOURCES, ...IMAGES, ...OTHERS], "Get all resources and their status");
  all(families.get("source"), SOURCES, "Get all sources and their status");
  all(families.get("image"), IMAGES, "Get all image automation objects and their status");
  return get;
}

const hasSource = ({ facts }: FluxType): boolean => facts.kind === "Kustomization" || facts.kind === "HelmRelease";

/** They may stand before the word of the kind, too. */
const withFlags = (command: Command): Command =>
  command
    .option("-A, --all-namespaces", "list the requested objects across all namespaces")
    .option("--no-header", "skip the header when printing the results")
    .option("--status-selector <string>", "filter by a condition, e.g. ready=false or ready!=true")
    .option("-l, --label-selector <string>", "filter objects by label selector")
    .option("-w, --watch", "after listing the requested objects, watch for changes");

async function getOne(cli: Cli, type: FluxType, names: readonly string[], flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  const session = await cli.connect(settings);
  if (flags.labelSelector !== undefined) checkLabelSelector(flags.labelSelector);
  if (flags.watch === true) return watch(cli, session, settings, type, names[0], flags);
  const objects = await find(session, settings, type, names[0], flags);
  if (objects.length === 0) throw new Failure(nothingFound(type, names[0], settings, flags));
  cli.out(table(type, objects, flags, false));
}

async function getAll(cli: Cli, types: readonly FluxType[], names: readonly string[], flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  if (flags.watch === true) throw new Failure("expected a single resource type, but found all");
  const session = await cli.connect(settings);
  if (flags.labelSelector !== undefined) checkLabelSelector(flags.labelSelector);
  // All lists are asked for at once, and shown one after the other: an error is told where its table would stand, and ends nothing.
  const found = types.map((type) => ({ type, objects: find(session, settings, type, names[0], flags).catch(asProblem) }));
  for (const { type, objects } of found) {
    const answer = await objects;
    const missing = names[0] !== undefined && Array.isArray(answer) && answer.length === 0;
    try {
      if (answer instanceof NoSuchKind) continue;
      if (answer instanceof Failure) throw answer;
      if (missing) throw new Failure(nothingFound(type, names[0], settings, flags));
      const rows = rowsOf(type, answer, flags, true);
      if (rows.length > 0) cli.out(`${renderTable(headerFor(type, flags), rows)}\n`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      cli.say.failure(error.message);
    }
  }
}

/** What a server said is told; what nobody answered ends the command. */
function asProblem(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

async function find(session: Session, settings: Settings, type: FluxType, name: string | undefined, flags: Flags): Promise<readonly Manifest[]> {
  const objects = await listObjects(session.cluster, {
    ...kindOf(type),
    ...(flags.allNamespaces !== true && { namespace: settings.namespace }),
    ...(flags.labelSelector !== undefined && { labelSelector: flags.labelSelector }),
  });
  return name === undefined ? objects : objects.filter((object) => object.metadata.name === name);
}

const kindOf = ({ apiVersion, facts }: FluxType): { readonly apiVersion: string; readonly kind: string } => ({ apiVersion, kind: facts.kind });

function nothingFound(type: FluxType, name: string | undefined, { namespace }: Settings, flags: Flags): string {
  const where = flags.allNamespaces === true ? "any" : JSON.stringify(namespace);
  return name === undefined
    ? `no ${type.facts.kind} objects found in ${where} namespace`
    : `${type.facts.kind} object '${name}' not found in ${where} namespace`;
}

async function watch(cli: Cli, { server }: Session, settings: Settings, type: FluxType, name: string | undefined, flags: Flags): Promise<void> {
  const query = { ...kindOf(type), ...(flags.allNamespaces !== true && { namespace: settings.namespace }) };
  const signal = AbortSignal.any([cli.signal, AbortSignal.timeout(settings.timeout)]);
  const matches = labelMatcher(flags.labelSelector);
  let first = true;
  await server.watch(
    query,
    ({ object }) => {
      if ((name !== undefined && object.metadata.name !== name) || !matches(object.metadata.labels ?? {})) return;
      cli.out(renderTable(first ? headerFor(type, flags) : [], rowsOf(type, [object], flags, false)));
      first = false;
    },
    signal,
  );
  if (signal.aborted && !cli.signal.aborted) throw new Failure("timed out waiting for the condition");
}

const table = (type: FluxType, objects: readonly Manifest[], flags: Flags, withKind: boolean): string =>
  renderTable(headerFor(type, flags), rowsOf(type, objects, flags, withKind));

const headerFor = (type: FluxType, flags: Flags): readonly string[] =>
  flags.header === false ? [] : headerOf(type.facts.kind, { namespace: flags.allNamespaces === true, source: flags.showSource === true });

function rowsOf(type: FluxType, objects: readonly Manifest[], flags: Flags, withKind: boolean): readonly (readonly string[])[] {
  const selector: StatusSelector | undefined = flags.statusSelector === undefined ? undefined : parseStatusSelector(flags.statusSelector);
  const shown = { namespace: flags.allNamespaces === true, source: flags.showSource === true, kind: withKind };
  return objects.filter((object) => selector === undefined || selector(object)).map((object) => rowOf(type.facts.kind, object, shown));
}
