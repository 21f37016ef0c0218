import { randomBytes, randomUUID } from "node:crypto";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { join, resolve } from "node:path";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import { type Secret, secret } from "@sluice/engine/domain/secret.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import type { Notifier } from "@sluice/engine/ports/notifier.ts";
import { findListedReceivers } from "@sluice/engine/reconcile/receive/listed-receivers.ts";
import { createReceive, type Receive } from "@sluice/engine/reconcile/receive/receive.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";
import { createSignedRequests } from "@sluice/platform/aws/signed-requests.ts";
import { createSmartRemotes } from "@sluice/platform/git/smart-remotes.ts";
import { createGitHubRemotes } from "@sluice/platform/github/github-remotes.ts";
import { createChartRepositories } from "@sluice/platform/helm/chart-repositories.ts";
import { createDial } from "@sluice/platform/http/dial.ts";
import type { Http } from "@sluice/platform/http/exchange.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { createJsonDocuments } from "@sluice/platform/json-documents/json-documents.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { createArtifactFolder, createRenderFolder } from "@sluice/platform/node/artifact-folder.ts";
import { createAwsRequests } from "@sluice/platform/notifications/aws/aws-requests.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import type { AwsRequests } from "@sluice/platform/notifications/sender.ts";
import { FLUX_VERSION, logFileOf, MARKER_IMAGE, searchPath } from "../config.ts";
import { fileProblem } from "../file-problem.ts";
import { loadConnection } from "../kubeconfig.ts";
import { startArtifactSweep } from "./artifact-sweep.ts";
import { makeCommandFolder } from "./command-folder.ts";
import { EXAMPLE, exampleExtras, exampleObjects, repositoryObjects } from "./examples.ts";
import { findGitProblem } from "./git-check.ts";
import { createGitServer, type GitServer, type Push } from "./git-server/git-server.ts";
import { createHost, type Host, systemClock } from "./host.ts";
import { findKubectl } from "./kubectl/find-kubectl.ts";
import { type LocalServer, startLocalServer } from "./local-server.ts";
import { createLogFile } from "./log-file.ts";
import { serveNamedArtifacts } from "./named-artifacts.ts";
import { findTaken, markOwn, refsOf } from "./ownership.ts";
import { personCredentials } from "./person-credentials.ts";
import { applyOne, findRunningController, install } from "./prepare-cluster.ts";
import { receiveRoute } from "./receive-route.ts";
import { createRehearsal } from "./rehearsal.ts";
import { takeRunLock } from "./run-lock.ts";
import { createSandbox, type Sandbox } from "./sandbox/sandbox.ts";
import { createShownNotifier } from "./shown-notifier.ts";
import { type Story, tellingEvents, tellingTroubles } from "./story.ts";
import { createWebhook, signature } from "./webhook.ts";

export type LocalOptions = {
  /** Everything that a run leaves lies in `.sluice` below it. */
  readonly folder: string;
  /** A cluster of the user's own instead of the sandbox. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Files of KUBECONFIG, where only a context is named. */
  readonly kubeconfigFiles: readonly string[];
  /** A repository of the user's own instead of the example. */
  readonly repository?: { readonly url: string; readonly branch: string; readonly path: string; readonly secretRef?: string };
  readonly examples: boolean;
  /** Notifications leave this machine, too; else they are shown. */
  readonly sendsNotifications: boolean;
  readonly namespace: string;
  readonly story: Story;
  /** The program and first words by which a shell runs `sluice`. */
  readonly sluice: readonly string[];
};

/** Sluice at work in this process. */
export type Local = {
  readonly host: Host;
  /** The file that names the cluster; undefined where it is what KUBECONFIG names. */
  readonly kubeconfig: string | undefined;
  /** That file, or those of KUBECONFIG. */
  readonly kubeconfigFiles: readonly string[];
  /** The context, where it is not the current one of that file. */
  readonly context: string | undefined;
  /** A folder with the commands sluice and, where one was found, kubectl. */
  readonly commands: string;
  readonly logFile: string;
  /** Where the Flux objects stand that were applied. */
  readonly namespace: string;
  /** Of the example; undefined where there is none. */
  readonly cloneUrl: string | undefined;
  stop(): Promise<void>;
};

/** Thrown when Sluice does not start, for a reason that the person at the terminal can mend. */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
}

/** Starts what `options` ask for: sandbox or cluster, git server, webhook, clock, queues and engine, and applies what is to be reconciled. */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const folder = join(resolve(options.folder), ".sluice");
  // Credentials, artifacts and pushed repositories are in it.
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new CannotStart(`cannot work in this folder: ${fileProblem(folder, error)}`);
  });
  await chmod(folder, 0o700);
  const lock = takeRunLock(folder);
  if (lock.kind === "held") throw new CannotStart(`Sluice runs in this folder already (process ${lock.by}): stop it, or name another folder with --dir`);
  const undo: (() => Promise<void> | void)[] = [lock.release];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    return { ...(await start(options, folder, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: LocalOptions, folder: string, undo: (() => Promise<void> | void)[]): Promise<Omit<Local, "stop">> {
  const { story } = options;
  await checkMachine(options);
  const target = await openCluster(options, folder);
  if (target.sandbox !== undefined) undo.push(target.sandbox.stop);
  const logFile = logFileOf(resolve(options.folder));
  const log = createLogFile(logFile, systemClock);
  undo.push(log.close);
  const listener = tellingEvents(story);
  undo.push(listener.stop);

  const key = secret(randomBytes(32).toString("hex"));
  const deliver = { push: (_: Push): void => undefined };
  const repositories = join(folder, "repositories");
  await rm(repositories, { recursive: true, force: true });
  const git = createGitServer({ root: repositories, onPush: (push) => deliver.push(push) });
  const artifacts = createArtifactFolder({ folder: join(folder, "artifacts"), url: () => server.url, now: systemClock.now });
  const http = createHttp();
  const aws = createAwsRequests({ credentials: personCredentials() });
  const host = createHost({
    connection: target.connection,
    clusterName: target.name,
    git: createGitHubRemotes({ http, smart: createSmartRemotes({ http }), clock: systemClock }),
    artifacts,
    renders: createRenderFolder({ folder: join(folder, "renders"), now: systemClock.now }),
    charts: createChartRepositories({
      http,
      ecr: ({ service, region, endpoint }) => createSignedRequests(service, { region, endpoint, credentials: personCredentials() }),
    }),
    kustomizer: createKustomizer(),
    log: tellingTroubles(log, story),
    settings: { ...DEFAULT_SETTINGS, marker: { ...DEFAULT_SETTINGS.marker, namespace: options.namespace } },
    listener,
    notifier: notifierOf(options, { http, aws, log }),
    parallel: 8,
  });
  undo.push(() => http.close(), aws.close, host.stop);
  const webhook = createWebhook(host.queue, key);
  const server: LocalServer = await startLocalServer([
    artifacts.serve,
    serveNamedArtifacts(host.watches, artifacts),
    git.serve,
    receiveRoute(receiverOf(host, target.name, http, log)),
    (request, response) => {
      if (request.url !== "/webhook") return false;
      void webhook(request, response);
      return true;
    },
  ]);
  undo.push(server.stop);
  deliver.push = (push) => void deliverPush(server.url, key, push, story);

  await refuseFlux(host);
  const work = await workOf(options, host, git, server.url);
  story.doing(`installing the custom resource definitions and the marker in namespace ${options.namespace}`);
  await install(host.cluster, { namespace: options.namespace, version: FLUX_VERSION, image: MARKER_IMAGE });
  if (work.about !== undefined) story.doing(work.about);
  await host.start();
  undo.push(startArtifactSweep(host, artifacts));
  for (const object of work.manifests) await applyOne(host.cluster, object);
  const commands = await makeCommandFolder(join(folder, "bin"), { kubectl: await typedKubectl(), sluice: options.sluice, home: resolve(options.folder) });
  const kubeconfigFiles = target.kubeconfig === undefined ? options.kubeconfigFiles : [resolve(target.kubeconfig)];
  const { namespace, cloneUrl } = work;
  return { host, kubeconfig: target.kubeconfig, kubeconfigFiles, context: options.context, commands, logFile, namespace, cloneUrl };
}

type Senders = { readonly http: Http; readonly aws: AwsRequests; readonly log: Log };

function notifierOf({ sendsNotifications, story }: LocalOptions, { http, aws, log }: Senders): Notifier {
  const random = (bytes: number): Uint8Array => randomBytes(bytes);
  const world = { now: systemClock.now, random, hostname: hostname() };
  const notifier = createNotifier({ http, dial: createDial(), aws, ...world });
  return createShownNotifier(notifier, { sendsAll: sendsNotifications, rehearse: createRehearsal(world), story, log });
}

function receiverOf({ cluster }: Host, clusterName: string, http: Http, log: Log): Receive {
  return createReceive({
    findReceivers: (path) => findListedReceivers(cluster, clusterName, path),
    clusterNamed: () => Promise.resolve(cluster),
    documents: createJsonDocuments({ http, clock: systemClock }),
    clock: systemClock,
    log,
    settings: DEFAULT_SETTINGS,
  });
}

/** What the machine must have is missed now, not at the first push. */
async function checkMachine({ repository, examples }: LocalOptions): Promise<void> {
  const problem = repository === undefined && examples ? await findGitProblem() : undefined;
  if (problem !== undefined) throw new CannotStart(problem);
}

/** A kubectl to type, where there is one. */
const typedKubectl = (): Promise<string | undefined> =>
  findKubectl({ platform: process.platform, architecture: process.arch, path: searchPath(), cache: join(homedir(), ".cache", "sluice") });

type Target = { readonly name: string; readonly connection: Connection; readonly kubeconfig: string | undefined; readonly sandbox?: Sandbox };

async function openCluster({ kubeconfig, context, kubeconfigFiles, story }: LocalOptions, folder: string): Promise<Target> {
  if (kubeconfig !== undefined || context !== undefined) {
    const loaded = await loadConnection({
      files: kubeconfigFiles,
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
      userAgent: "sluice",
    });
    story.doing(`using the cluster of context ${loaded.contextName} at ${loaded.connection.server}`);
    return { name: loaded.contextName, connection: loaded.connection, kubeconfig };
  }
  story.doing("starting the sandbox cluster");
  const sandbox = await createSandbox({ nodes: true });
  const path = join(folder, "kubeconfig");
  // A file of an earlier version may be readable for others, and keeps its mode when it is written again.
  await rm(path, { force: true });
  await writeFile(path, sandbox.kubeconfig(), { mode: 0o600, flag: "wx" });
  const loaded = await loadConnection({ kubeconfig: path, userAgent: "sluice" });
  story.done(`sandbox cluster at ${sandbox.url}`);
  return { name: "sandbox", connection: loaded.connection, kubeconfig: path, sandbox };
}

async function refuseFlux({ cluster }: Host): Promise<void> {
  const controller = await findRunningController(cluster);
  if (controller === undefined) return;
  throw new CannotStart(
    `a Flux controller runs in this cluster: Deployment ${controller}. Two engines would work against one another: scale every Flux controller to 0 replicas first`,
  );
}

/** What is put into the cluster to be reconciled, and where its Flux objects stand. */
type Work = { readonly manifests: readonly Manifest[]; readonly namespace: string; readonly cloneUrl?: string; readonly about?: string };

async function workOf(options: LocalOptions, host: Host, git: GitServer, url: string): Promise<Work> {
  const { repository, examples, namespace } = options;
  if (repository !== undefined) {
    const manifests = repositoryObjects(repository, namespace);
    await refuseTaken(host, refsOf(manifests), namespace);
    return { manifests: manifests.map(markOwn), namespace, about: `reconciling ${repository.path} of ${repository.url}, branch ${repository.branch}` };
  }
  if (!examples) return { manifests: [], namespace };
  const cloneUrl = `${url}/${EXAMPLE.name}.git`;
  await git.create(EXAMPLE.name, EXAMPLE.folder);
  if (!usesOwnCluster(options)) {
    const manifests = [...exampleExtras(namespace), ...exampleObjects(cloneUrl, namespace)];
    return { manifests, namespace, cloneUrl, about: `reconciling the example, ${cloneUrl}` };
  }
  const home: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: EXAMPLE.namespace } };
  const manifests = [home, ...exampleObjects(cloneUrl, EXAMPLE.namespace)];
  await refuseTaken(host, [...refsOf(manifests), ...EXAMPLE.namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", name }))], EXAMPLE.namespace);
  const about = `applying the example into namespaces ${[EXAMPLE.namespace, ...EXAMPLE.namespaces].join(" and ")} (--no-examples leaves it out)`;
  return { manifests: manifests.map(markOwn), namespace: EXAMPLE.namespace, cloneUrl, about };
}

const usesOwnCluster = ({ kubeconfig, context }: LocalOptions): boolean => kubeconfig !== undefined || context !== undefined;

async function refuseTaken(host: Host, refs: readonly ObjectRef[], namespace: string): Promise<void> {
  const taken = await findTaken(host.cluster, refs, namespace);
  if (taken === undefined) return;
  throw new CannotStart(`${taken} stands in this cluster already, and not by "sluice dev": nothing was changed in it. --no-examples looks after what is there`);
}

/** What GitHub would send for a push, signed as GitHub signs it, to our own webhook. */
async function deliverPush(url: string, key: Secret, push: Push, story: Story): Promise<void> {
  story.doing(`push to ${push.repository}: ${push.ref.replace("refs/heads/", "")} is at ${push.after.slice(0, 8)}`);
  const body = Buffer.from(
    JSON.stringify({ ref: push.ref, before: push.before, after: push.after, repository: { clone_url: `${url}/${push.repository}.git` } }),
  );
  const headers = {
    "content-type": "application/json",
    "x-github-event": "push",
    "x-github-delivery": randomUUID(),
    "x-hub-signature-256": signature(body, key),
  };
  const answer = await fetch(`${url}/webhook`, { method: "POST", headers, body }).catch((error: unknown) => error);
  if (!(answer instanceof Response) || !answer.ok) story.failed("the webhook did not take the push; the next look at the repository will find it");
}
