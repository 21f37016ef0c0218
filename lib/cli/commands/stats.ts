import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberAt, valueAt } from "../fields.ts";
import { flagsOf } from "../flags.ts";
import { type FluxType, TYPES } from "../flux-types.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { renderSize } from "../render/size.ts";
import { renderTable } from "../render/table.ts";

type Flags = GlobalFlags & { readonly allNamespaces?: boolean };

/** In the order of the table. Source: reference 6.9. */
const COUNTED = [
  TYPES.GitRepository,
  TYPES.OCIRepository,
  TYPES.HelmRepository,
  TYPES.HelmChart,
  TYPES.Bucket,
  TYPES.Kustomization,
  TYPES.HelmRelease,
  TYPES.Alert,
  TYPES.Provider,
  TYPES.Receiver,
  TYPES.ImageUpdateAutomation,
  TYPES.ImagePolicy,
  TYPES.ImageRepository,
];
const HEADER = ["Reconcilers", "Running", "Failing", "Suspended", "Storage"];

export const statsCommand = (cli: Cli): Command =>
  new Command("stats")
    .summary("Stats of Flux reconciles")
    .option("-A, --all-namespaces", "count objects across all namespaces")
    .action(async (_: unknown, self: Command) => showStats(cli, flagsOf<Flags>(self)));

async function showStats(cli: Cli, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  const { cluster } = await cli.connect(settings);
  const namespace = flags.allNamespaces === true ? {} : { namespace: settings.namespace };
  const rows = await Promise.all(
    COUNTED.map(async (type) => {
      const answer = await cluster.list({ apiVersion: type.apiVersion, kind: type.facts.kind, ...namespace });
      // What a server does not serve or does not show counts as none, as in the flux command.
      return statsRow(type, answer.kind === "listed" ? answer.items : []);
    }),
  );
  cli.out(renderTable(HEADER, rows));
}

function statsRow({ facts }: FluxType, objects: readonly Manifest[]): readonly string[] {
  const suspended = objects.filter((object) => valueAt(object, "spec", "suspend") === true).length;
  const failing = objects.filter((object) => conditionsOf(object).some(({ type, status }) => type === "Ready" && status === "False")).length;
  const bytes = objects.reduce((sum, object) => sum + numberAt(object, "status", "artifact", "size"), 0);
  return [facts.kind, String(objects.length - suspended), String(failing), String(suspended), renderSize(bytes)];
}
