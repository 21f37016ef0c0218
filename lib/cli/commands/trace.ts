import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import { Command } from "commander";
import type { Cli, Resource, Session, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { findResource } from "../find-resource.ts";
import { flagsOf } from "../flags.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readObject } from "../read-object.ts";
import { traceObject } from "../trace-object.ts";

type Flags = GlobalFlags & { readonly kind?: string; readonly apiVersion?: string };

const USAGE = "either `<resource>/<name>` or `<resource> <name>` is required as an argument";

export const traceCommand = (cli: Cli): Command =>
  new Command("trace")
    .summary("Trace in-cluster objects throughout the GitOps delivery pipeline")
    .argument("[words...]", "<resource> <name> [<name> ...], or <resource>/<name> ...")
    .option("--kind <string>", "the Kubernetes object kind, e.g. Deployment")
    .option("--api-version <string>", "the Kubernetes object API version, e.g. apps/v1")
    .action(async (words: string[], _: unknown, self: Command) => trace(cli, words, flagsOf<Flags>(self)));

/** An object that cannot be traced is told, and is no failure of the command. Source: reference 6.9, real output. */
async function trace(cli: Cli, words: readonly string[], flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  const session = await cli.connect(settings);
  const objects =
    flags.kind === undefined && flags.apiVersion === undefined ? await findAll(session, settings, words) : [await findOne(session, settings, words, flags)];
  for (const [index, object] of objects.entries()) {
    const traced = await traceObject(session, object);
    const { name, namespace = "" } = object.metadata;
    if (traced.ok) cli.out(traced.value);
    else cli.err(`failed to trace ${object.kind}/${name} in namespace ${namespace}: ${traced.problem}${index < objects.length - 1 ? "" : "\n"}`);
    if (index < objects.length - 1) cli.out("---\n");
  }
}

async function findOne(session: Session, { namespace }: Settings, [name]: readonly string[], { kind, apiVersion }: Flags): Promise<Manifest> {
  if (name === undefined) throw new Failure("object name is required");
  if (kind === undefined) throw new Failure("object kind is required (--kind)");
  if (apiVersion === undefined) throw new Failure("object apiVersion is required (--api-version)");
  const facts = await session.kinds.find(apiVersion, kind);
  const ref = { apiVersion, kind, name, ...(facts?.namespaced !== false && { namespace }) };
  return readObject(session.cluster, ref).catch((error: unknown) => {
    throw error instanceof Failure ? new Failure(`failed to find object: ${error.message}`) : error;
  });
}

async function findAll(session: Session, { namespace }: Settings, words: readonly string[]): Promise<readonly Manifest[]> {
  const named = parseWords(words);
  const resources = await session.server.resources();
  const refs = named.map(({ resource, name }) => refOfResource(find(resources, resource), name, namespace));
  const found = await Promise.all(refs.map((ref) => session.cluster.get(ref)));
  const missing = found.flatMap((answer) => (answer.kind === "found" ? [] : [answer.message]));
  if (missing.length === 1) throw new Failure(`x: ${missing[0]}`);
  if (missing.length > 1) throw new Failure(`x: [${missing.join(", ")}]`);
  return found.flatMap((answer) => (answer.kind === "found" ? [answer.object] : []));
}

type Named = { readonly resource: string; readonly name: string };

function parseWords(words: readonly string[]): readonly Named[] {
  const slashed = words.filter((word) => word.includes("/"));
  if (words.length === 0) throw new Failure(USAGE);
  if (slashed.length === words.length) return words.map(parseSlashed);
  if (slashed.length > 0)
    throw new Failure(
      `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'flux get resource/<resource_name>' instead of 'flux get resource resource/<resource_name>'`,
    );
  const [resource = "", ...names] = words;
  if (names.length === 0) throw new Failure("resource(s) were provided, but no name was specified");
  return names.map((name) => ({ resource, name }));
}

function parseSlashed(word: string): Named {
  const [resource = "", name = "", ...more] = word.split("/");
  if (resource === "" || name === "" || more.length > 0) throw new Failure("arguments in resource/name form must have a single resource and name");
  return { resource, name };
}

function find(resources: readonly Resource[], word: string): Resource {
  const found = findResource(resources, word);
  if (found === undefined) throw new Failure(`the server doesn't have a resource type ${JSON.stringify(word)}`);
  return found;
}

const refOfResource = ({ apiVersion, kind, namespaced }: Resource, name: string, namespace: string): ObjectRef => ({
  apiVersion,
  kind,
  name,
  ...(namespaced && { namespace }),
});
