import { apiVersionOfKind, KINDS } from "@sluice/engine/flux/kinds.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { findRunningController } from "../../local/prepare-cluster.ts";
import { applyInstallation } from "../apply-installation.ts";
import { installationProblem } from "../aws/installation-problem.ts";
import type { Cli, Session, Settings } from "../cli.ts";
import { confirmOverride } from "../confirm-override.ts";
import { Failure } from "../failure.ts";
import { textAt } from "../fields.ts";
import { refusalFailure } from "../list-objects.ts";
import { askForSync, type Installed } from "./ask-for-sync.ts";
import { type Committed, commitFiles } from "./commit-files.ts";
import type { BootstrapOptions } from "./options.ts";
import { prepareRepository } from "./prepare-repository.ts";
import { registerWebhook, sayByHand } from "./register-webhook.ts";
import type { Remotes } from "./remotes.ts";
import { reconcileSourceSecret } from "./source-secret.ts";
import { waitForSync } from "./wait-for-sync.ts";

/**
 * What `flux bootstrap` does, without controllers: repository, files, cluster, credentials, webhook, and the wait for the first reconciliation. Whatever
 * can be refused is refused before the first write; every step finds what an earlier run left, and leaves it. Source: flux2 pkg/bootstrap, Run.
 */
export async function bootstrap(cli: Cli, session: Session, settings: Settings, options: BootstrapOptions): Promise<void> {
  const installed = await findInstalled(cli, options);
  const applied = await checkCluster(cli, session, options);
  const remotes = await cli.remotes();
  const gitHub = openGitHub(remotes, settings, options);
  if (gitHub !== undefined && options.repository.kind === "github") await prepareRepository(cli, gitHub, options.repository);
  const committed = await commitFiles(cli, openBranch(remotes, settings, options), options);
  await installComponents(cli, session, settings, options, committed, applied);
  await reconcileSourceSecret(cli, session.cluster, options);
  cli.say.action("applying sync manifests");
  printed(cli, settings, await applyInstallation(cli, session, committed.built.sync));
  cli.say.success("reconciled sync configuration");
  if (installed === undefined) sayNoWebhook(cli);
  else if (gitHub !== undefined && options.repository.kind === "github")
    await registerWebhook(cli, gitHub, installed.aws, installed.installation, options.repository);
  else sayByHand(cli, installed.installation);
  const revision = `${options.branch}@sha1:${committed.head}`;
  const requested = await askForSync(cli, session, options, revision, installed);
  await waitForSync(cli, session, settings, { namespace: options.namespace, revision, ...(requested !== undefined && { requested }) });
}

/** A name that no installation has is a mistake to be told of now, not a marker that leads nowhere. */
async function findInstalled(cli: Cli, { installation }: BootstrapOptions): Promise<Installed | undefined> {
  if (installation === undefined) return undefined;
  const aws = await cli.aws(installation.region);
  const answer = await aws.readInstallation(installation.cluster);
  if (answer.kind === "found") return { aws, installation: answer.installation };
  throw new Failure(
    `${installationProblem(answer, installation)}; deploy the stack with this cluster first, name its region with --region, or leave --cluster out to bootstrap without AWS`,
  );
}

/** Refuses what would be broken by a bootstrap; says whether one has been applied before. */
async function checkCluster(cli: Cli, { cluster }: Session, { namespace, path, force }: BootstrapOptions): Promise<boolean> {
  if (!force) await confirmOverride(cli, cluster, "bootstrap cancelled");
  const running = await findRunningController(cluster);
  if (running !== undefined)
    throw new Failure(
      `Flux runs in this cluster (Deployment ${running}), and two engines must not work on the same objects: scale its controllers to 0 first, as "Taking over" in the README has it`,
    );
  const kustomization = await findSync(cluster, namespace);
  if (kustomization === undefined) return false;
  const current = textAt(kustomization, "spec", "path");
  if (normalPath(current) !== normalPath(path))
    throw new Failure(`sync path configuration (${JSON.stringify(path)}) would overwrite path (${JSON.stringify(current)}) of existing Kustomization`);
  return textAt(kustomization, "status", "lastAppliedRevision") !== "";
}

async function findSync(cluster: Cluster, namespace: string) {
  const answer = await cluster.get({ apiVersion: apiVersionOfKind(KINDS.Kustomization), kind: KINDS.Kustomization.kind, namespace, name: namespace });
  if (answer.kind === "found") return answer.object;
  if (answer.kind === "absent" || answer.why === "unknown-kind") return undefined;
  throw refusalFailure(answer);
}

/** Source: flux2 pkg/bootstrap, kustomizationPathDiffers. */
const normalPath = (path: string): string => `./${(path.length > 2 ? path.replace(/\/$/, "") : path).replace(/^\.\//, "")}`;

function openGitHub(remotes: Remotes, { timeout }: Settings, { repository, certificateAuthority: ca }: BootstrapOptions) {
  if (repository.kind !== "github") return undefined;
  return remotes.gitHub({ hostname: repository.hostname, token: repository.token, timeout, ...(ca !== undefined && { tls: { ca } }) });
}

const openBranch = (remotes: Remotes, { timeout }: Settings, { repository, branch, certificateAuthority: ca }: BootstrapOptions) =>
  remotes.branch({ url: repository.url, credentials: repository.credentials, timeout, ...(ca !== undefined && { tls: { ca } }) }, branch);

/**
 * Also where the Kustomization has applied something before: it may have been Flux's, or an older version's, and without marker and rights nobody could
 * apply the new ones. What is there already is not written.
 */
async function installComponents(
  cli: Cli,
  session: Session,
  settings: Settings,
  { namespace }: BootstrapOptions,
  { built }: Committed,
  isApplied: boolean,
): Promise<void> {
  if (!isApplied) cli.say.action(`installing components in ${JSON.stringify(namespace)} namespace`);
  const lines = await applyInstallation(cli, session, built.components);
  printed(cli, settings, lines);
  if (!isApplied || lines.some((line) => !line.endsWith(" unchanged"))) cli.say.success("installed components");
  cli.say.success("reconciled components");
}

const printed = (cli: Cli, { verbose }: Settings, lines: readonly string[]): void => {
  if (verbose) cli.err(lines.map((line) => `${line}\n`).join(""));
};

const sayNoWebhook = (cli: Cli): void =>
  cli.say.warning(
    'no webhook was registered: without --cluster nothing on AWS looks after this cluster, but "sluice dev --kubeconfig FILE --no-examples" on a machine does',
  );
