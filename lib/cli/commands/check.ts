import { healthWord } from "@sluice/engine/domain/health.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import { INSTALL_SELECTOR } from "@sluice/engine/flux/installation.ts";
import { computeHealth } from "@sluice/engine/health/compute.ts";
import { Command } from "commander";
import { checkInstallation } from "../aws/check-installation.ts";
import type { Cli, Session, Settings } from "../cli.ts";
import { Ended, Failure } from "../failure.ts";
import { itemsAt } from "../fields.ts";
import { flagsOf } from "../flags.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { imagesOf, listDefinitions, listDeployments, readClusterInfo } from "../installation.ts";

type Flags = GlobalFlags & { readonly pre?: boolean };

const OLDEST_MINOR = 33;
const CONSTRAINT = `>=1.${OLDEST_MINOR}.0-0`;
const POLL_MS = 2000;

export const checkCommand = (cli: Cli): Command =>
  new Command("check")
    .summary("Check requirements and installation")
    .option("--pre", "only run pre-installation checks")
    .option("--components <strings>", "accepted for scripts; what is checked goes by labels")
    .option("--components-extra <strings>", "accepted for scripts; what is checked goes by labels")
    .option("--poll-interval <duration>", "accepted for scripts")
    .action(async (_: unknown, self: Command) => check(cli, flagsOf<Flags>(self)));

/** Every check is made, also after one that failed. Source: reference 6.3. */
async function check(cli: Cli, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  cli.say.action("checking prerequisites");
  const session = await cli.connect(settings);
  const isNew = await attempt(cli, () => checkServer(cli, session));
  if (flags.pre === true) {
    if (!isNew) throw new Ended(1);
    return cli.say.success("prerequisites checks passed");
  }
  cli.say.action("checking version in cluster");
  const isInstalled = await attempt(cli, () => checkVersion(cli, session), "checking failed: ");
  cli.say.action("checking controllers");
  const areReady = await attempt(cli, () => checkDeployments(cli, session, settings));
  cli.say.action("checking crds");
  const areStored = await attempt(cli, () => checkDefinitions(cli, session));
  const isReached = await attempt(cli, () => checkInstallation(cli, session, settings));
  if (isNew && isInstalled && areReady && areStored && isReached) return cli.say.success("all checks passed");
  cli.say.failure("check failed");
  throw new Ended(1);
}

/** A server that refuses or does not answer fails one check, and ends none. */
async function attempt(cli: Cli, run: () => Promise<boolean>, prefix = ""): Promise<boolean> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    cli.say.failure(prefix + error.message);
    return false;
  }
}

async function checkServer(cli: Cli, { server }: Session): Promise<boolean> {
  const answer = await server.version();
  if (answer.kind === "failed") throw new Failure(`Kubernetes API call failed: ${answer.message}`);
  const version = /^v?(\d+)\.(\d+)\.(\d+.*)$/.exec(answer.version);
  if (version === null) throw new Failure("Kubernetes version can't be determined");
  const [, major, minor] = version.map(Number);
  const isNew = Number(major) > 1 || (major === 1 && Number(minor) >= OLDEST_MINOR);
  if (!isNew) throw new Failure(`Kubernetes version ${answer.version} does not match ${CONSTRAINT}`);
  cli.say.success(`Kubernetes ${answer.version.replace(/^v/, "")} ${CONSTRAINT}`);
  return true;
}

async function checkVersion(cli: Cli, { cluster }: Session): Promise<boolean> {
  const info = await readClusterInfo(cluster);
  if (!("version" in info)) throw new Failure(info.missing);
  if (info.distribution !== "") cli.say.success(`distribution: ${info.distribution}`);
  cli.say.success(`bootstrapped: ${info.bootstrapped}`);
  return true;
}

async function checkDeployments(cli: Cli, session: Session, settings: Settings): Promise<boolean> {
  const deployments = await listDeployments(session.cluster, settings.namespace);
  if (deployments.length === 0)
    throw new Failure(`no controllers found in the '${settings.namespace}' namespace with the label selector '${INSTALL_SELECTOR}'`);
  let areReady = true;
  for (const deployment of deployments) {
    const end = await waitForDeployment(cli, session, settings, deployment);
    if (end === "Current") cli.say.success(`${deployment.metadata.name}: deployment ready`);
    else cli.say.failure(`${deployment.metadata.name}: deployment ${end === "NotFound" ? "not found" : "not ready"}`);
    areReady &&= end === "Current";
    for (const image of imagesOf(deployment)) cli.say.action(image);
  }
  return areReady;
}

/** How a Deployment is once it is current, or when the time is over. */
async function waitForDeployment(cli: Cli, { cluster }: Session, { timeout }: Settings, deployment: Manifest): Promise<string> {
  const deadline = cli.clock.now() + timeout;
  const { name = "", namespace = "" } = deployment.metadata;
  for (let seen = deployment; ; ) {
    const health = computeHealth(seen, { now: cli.clock.now() });
    const rest = deadline - cli.clock.now();
    if (health.kind === "current" || rest <= 0 || cli.signal.aborted) return healthWord(health.kind);
    await cli.clock.sleep(ms(Math.min(POLL_MS, rest)));
    const answer = await cluster.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name });
    if (answer.kind === "absent") return "NotFound";
    if (answer.kind === "found") seen = answer.object;
  }
}

async function checkDefinitions(cli: Cli, { cluster }: Session): Promise<boolean> {
  const definitions = await listDefinitions(cluster);
  if (definitions.length === 0) throw new Failure(`no crds found with the label selector '${INSTALL_SELECTOR}'`);
  let areStored = true;
  for (const definition of definitions) {
    const version = itemsAt(definition, "status", "storedVersions").at(-1);
    const { name } = definition.metadata;
    if (typeof version === "string") cli.say.success(`${name}/${version}`);
    else cli.say.failure(`no stored versions for ${name}`);
    areStored &&= typeof version === "string";
  }
  return areStored;
}
