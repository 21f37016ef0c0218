import { Command } from "commander";
import { FLUX_VERSION, MARKER_IMAGE } from "../../config.ts";
import { applyInstallation, waitForMarker } from "../apply-installation.ts";
import { checkedClusterName, findRegion } from "../aws/find-region.ts";
import { versionOf } from "../bootstrap/flags.ts";
import type { Cli, Session, Settings } from "../cli.ts";
import { confirmOverride } from "../confirm-override.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readClusterInfo, splitImage } from "../installation.ts";
import { renderManifests } from "../render/manifests.ts";

type Flags = GlobalFlags & {
  readonly export?: boolean;
  readonly version?: string;
  readonly image?: string;
  readonly group?: readonly string[];
  readonly force?: boolean;
  readonly region?: string;
};

export const installCommand = (cli: Cli): Command =>
  new Command("install")
    .summary("Install or upgrade Sluice's part of a cluster")
    .description("Puts the custom resource definitions, the namespace, the rights and the marker Deployment (which never runs) into a cluster.")
    .option("--export", "write the install manifests to stdout and exit")
    .option("-v, --version <string>", `the version of Flux that the definitions are labelled with (default "${FLUX_VERSION}")`)
    .option("--image <string>", `the image that the marker names; nobody pulls it (default "${MARKER_IMAGE}")`)
    .option(
      "--group <string>",
      "a Kubernetes group that the engine comes as from outside; may be repeated",
      (group: string, before: readonly string[] = []) => [...before, group],
    )
    .option("--cluster <string>", "the name that an installation on AWS has for this cluster: the marker says it")
    .option("--region <string>", "AWS region of that installation (default that of the kubeconfig, then AWS_REGION)")
    .option("--force", "override an installation that another tool manages")
    .action(async (_: unknown, self: Command) => install(cli, flagsOf<Flags>(self)));

/** Source: reference 6.12. */
async function install(cli: Cli, given: Flags): Promise<void> {
  // Here --cluster is the installation's name for the cluster: that of the kubeconfig is named by its context.
  const { cluster: clusterName, ...flags } = given;
  const settings = await cli.settings(flags);
  const version = versionOf(flags.version ?? FLUX_VERSION);
  const image = flags.image ?? MARKER_IMAGE;
  splitImage(image);
  if (flags.export !== true) cli.say.generate("generating manifests");
  const { installManifests } = await import("@sluice/engine/flux/install.ts");
  const cluster = clusterName === undefined ? undefined : await installedOn(cli, settings, clusterName, flags);
  const manifests = installManifests({
    namespace: settings.namespace,
    version,
    image,
    groups: flags.group ?? [],
    ...(cluster !== undefined && { cluster }),
  });
  if (flags.export === true || settings.verbose) cli.out(renderManifests(manifests, version));
  if (flags.export === true) return;
  cli.say.success("manifests build completed");
  cli.say.action(`installing components in ${settings.namespace} namespace`);
  const session = await cli.connect(settings);
  await checkOverride(cli, session, flags);
  const lines = await applyInstallation(cli, session, manifests).catch(asInstallFailure);
  cli.out(`${lines.join("\n")}\n`);
  cli.say.waiting("verifying installation");
  await verify(cli, session, settings);
  cli.say.success("install finished");
}

/** The kubeconfig is looked at only where it is the one to name the region. */
async function installedOn(cli: Cli, settings: Settings, name: string, { region }: Flags): Promise<{ readonly name: string; readonly region: string }> {
  const session = region === undefined ? await cli.connect(settings) : undefined;
  return { name: checkedClusterName(name), region: findRegion(cli, session, region) };
}

/** Refuses to take a bootstrapped cluster over, and asks before taking over what another tool installed. */
async function checkOverride(cli: Cli, { cluster }: Session, { force }: Flags): Promise<void> {
  const info = await readClusterInfo(cluster);
  if (!("version" in info)) return;
  if (info.bootstrapped) throw new Failure(`this cluster has already been bootstrapped with Flux ${info.version}! Please use 'flux bootstrap' to upgrade`);
  if (force !== true) await confirmOverride(cli, cluster, "installation cancelled");
}

async function verify(cli: Cli, session: Session, settings: Settings): Promise<void> {
  const isReady = await waitForMarker(cli, session, settings);
  if (!isReady) {
    cli.say.failure("sluice: deployment not ready");
    throw new Failure("install failed");
  }
  cli.say.success("sluice: deployment ready");
}

function asInstallFailure(error: unknown): never {
  throw error instanceof Failure ? new Failure(`install failed: ${error.message}`) : error;
}
