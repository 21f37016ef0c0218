import { type Manifest, type ObjectRef, refOf, subjectOf } from "@sluice/engine/domain/manifest.ts";
import { INSTALL_SELECTOR } from "@sluice/engine/flux/installation.ts";
import { type UninstallStep, uninstallSteps } from "@sluice/engine/flux/uninstall.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { Command } from "commander";
import type { Cli, Session } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { isManagedByFlux, readClusterInfo } from "../installation.ts";
import { mergePatch } from "../merge-patch.ts";

type Flags = GlobalFlags & { readonly dryRun?: boolean; readonly silent?: boolean; readonly keepNamespace?: boolean | string };

export const uninstallCommand = (cli: Cli): Command =>
  new Command("uninstall")
    .summary("Uninstall Sluice and its custom resource definitions")
    .description("Removes the marker, the rights, the definitions with all their objects, and the namespace. What was applied stays as it is.")
    .option("--dry-run", "only print the objects that would be deleted")
    .option("-s, --silent", "delete components without asking for confirmation")
    .option("--keep-namespace [boolean]", "skip namespace deletion")
    .action(async (_: unknown, self: Command) => uninstall(cli, flagsOf<Flags>(self)));

/** Source: reference 6.14. */
async function uninstall(cli: Cli, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  const session = await cli.connect(settings);
  if (flags.dryRun !== true && flags.silent !== true && !(await cli.confirm(await question(session)))) throw new Failure("aborting");
  const keepNamespace = flags.keepNamespace === true || flags.keepNamespace === "true";
  let chapter: string | undefined;
  let failed = 0;
  for (const step of uninstallSteps({ namespace: settings.namespace, keepNamespace })) {
    const next = chapterOf(step, settings.namespace) ?? chapter;
    if (next !== undefined && next !== chapter) cli.say.action(next);
    chapter = next;
    failed += await run(cli, session.cluster, step, flags.dryRun === true);
  }
  // The flux command says "finished" here and ends with 0: a script would go on with half of it still there.
  if (failed > 0) throw new Failure(`uninstall failed for ${failed} object(s)`);
  cli.say.success("uninstall finished");
}

async function question({ cluster }: Session): Promise<string> {
  const info = await readClusterInfo(cluster);
  return "version" in info && !isManagedByFlux(info.managedBy)
    ? `Flux is managed by ${info.managedBy}! Are you sure you want to delete Flux and its CRDs using Flux CLI`
    : "Are you sure you want to delete Flux and its custom resource definitions";
}

function chapterOf(step: UninstallStep, namespace: string): string | undefined {
  switch (step.kind) {
    case "delete-labelled":
      return step.objectKind === "CustomResourceDefinition"
        ? "deleting toolkit.fluxcd.io custom resource definitions"
        : `deleting components in ${namespace} namespace`;
    case "clear-finalizers":
      return "deleting toolkit.fluxcd.io finalizers in all namespaces";
    case "delete-namespace":
      return undefined;
  }
}

/** How many objects it failed for. */
async function run(cli: Cli, cluster: Cluster, step: UninstallStep, dryRun: boolean): Promise<number> {
  switch (step.kind) {
    case "delete-labelled": {
      const { apiVersion, objectKind: kind, namespace } = step;
      const found = await list(cluster, { apiVersion, kind, labelSelector: INSTALL_SELECTOR, ...(namespace !== undefined && { namespace }) });
      return countFailed(found, (object) => remove(cli, cluster, refOf(object), dryRun));
    }
    case "clear-finalizers":
      return countFailed(await list(cluster, { apiVersion: step.apiVersion, kind: step.objectKind }), (object) =>
        clearFinalizers(cli, cluster, object, dryRun),
      );
    case "delete-namespace":
      return (await remove(cli, cluster, { apiVersion: "v1", kind: "Namespace", name: step.name }, dryRun)) ? 0 : 1;
  }
}

async function countFailed(objects: readonly Manifest[], act: (object: Manifest) => Promise<boolean>): Promise<number> {
  let failed = 0;
  for (const object of objects) if (!(await act(object))) failed++;
  return failed;
}

/** What is not served, or not shown, is passed over, as in the flux command. */
async function list(cluster: Cluster, query: Parameters<Cluster["list"]>[0]): Promise<readonly Manifest[]> {
  const answer = await cluster.list(query);
  return answer.kind === "listed" ? answer.items : [];
}

const ended = (dryRun: boolean): string => (dryRun ? "(dry run)" : "");

/** True when it is gone, or would be. */
async function remove(cli: Cli, cluster: Cluster, ref: ObjectRef, dryRun: boolean): Promise<boolean> {
  // The port has no dry run of a deletion: an object that is there is what a deletion would delete.
  const answer = dryRun ? await cluster.get(ref) : await cluster.delete(ref, { propagation: "Background" });
  if (answer.kind === "refused") return notRemoved(cli, ref, answer.message);
  if (dryRun && answer.kind === "absent") return notRemoved(cli, ref, "not found");
  cli.say.success(`${subjectOf(ref)} deleted ${ended(dryRun)}`);
  return true;
}

function notRemoved(cli: Cli, ref: ObjectRef, message: string): false {
  cli.say.failure(`${subjectOf(ref)} deletion failed: ${message}`);
  return false;
}

async function clearFinalizers(cli: Cli, cluster: Cluster, object: Manifest, dryRun: boolean): Promise<boolean> {
  const subject = subjectOf(refOf(object));
  try {
    await mergePatch(cluster, refOf(object), { metadata: { finalizers: null } }, dryRun);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    cli.say.failure(`${subject} removing finalizers failed: ${error.message}`);
    return false;
  }
  cli.say.success(`${subject} finalizers deleted ${ended(dryRun)}`);
  return true;
}
