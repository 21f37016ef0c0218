import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createCertificateAuthority, type KeyPair } from "../../../lib/local/sandbox/pki/pki.ts";
import { leash } from "./leash.ts";
import { type AuthenticateToken, startTokenWebhook } from "./token-webhook.ts";

export type ApiServer = {
  /** Path of the administrator's kubeconfig file (group system:masters); gone after stop(). */
  readonly kubeconfig: string;
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly admin: KeyPair;
  /** A client certificate for another user. */
  issue(user: string, groups: readonly string[]): KeyPair;
  stop(): Promise<void>;
};

/** Controllers that need nodes or a cloud; everything else of kube-controller-manager runs. */
const controllers = [
  "*",
  "-node-ipam-controller",
  "-node-lifecycle-controller",
  "-node-route-controller",
  "-service-lb-controller",
  "-cloud-node-lifecycle-controller",
].join(",");
const patience = 60_000;

export type ApiServerOptions = {
  readonly assets: string;
  readonly controllers?: boolean;
  /** Asked, each time, about bearer tokens that are no service account's. */
  readonly authenticateToken?: AuthenticateToken;
};

/**
 * Starts etcd, kube-apiserver and, unless `controllers` is false, kube-controller-manager out of the folder `assets` (what KUBEBUILDER_ASSETS names),
 * and answers when the server is ready. The processes end with stop() and with this process, however that ends.
 * Throws with the last lines of the server's log when it does not become ready.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-kubernetes-"));
  const running: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.toReversed().map((process) => process.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return { ...(await start(options, folder, running)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: ApiServerOptions, folder: string, running: { stop(): Promise<void> }[]): Promise<Omit<ApiServer, "stop">> {
  const file = (name: string): string => join(folder, name);
  const [clientPort, peerPort, port] = await freePorts(3);
  const authority = createCertificateAuthority({ commonName: "sluice-test", now: new Date() });
  const server = authority.issue({ commonName: "kube-apiserver", use: "server", hosts: ["127.0.0.1", "localhost"] });
  const issue = (user: string, groups: readonly string[]): KeyPair => authority.issue({ commonName: user, organizations: groups, use: "client" });
  const admin = issue("admin", ["system:masters"]);
  const signing = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const url = `https://127.0.0.1:${port}`;
  const files: readonly (readonly [string, string])[] = [
    ["ca.crt", authority.certificate],
    ["server.crt", server.certificate],
    ["server.key", server.key],
    ["sa.key", signing.privateKey.export({ type: "sec1", format: "pem" }).toString()],
    ["sa.pub", signing.publicKey.export({ type: "spki", format: "pem" }).toString()],
    ["admin.kubeconfig", kubeconfigOf(url, authority.certificate, admin)],
  ];
  await Promise.all(files.map(([name, text]) => writeFile(file(name), text, { mode: 0o600 })));

  const webhook = options.authenticateToken === undefined ? undefined : await startTokenWebhook(options.authenticateToken);
  if (webhook !== undefined) {
    running.push(webhook);
    await writeFile(file("tokens.kubeconfig"), webhook.config, { mode: 0o600 });
  }
  const client = `http://127.0.0.1:${clientPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  const etcd = leash(
    [
      join(options.assets, "etcd"),
      `--data-dir=${file("etcd")}`,
      "--unsafe-no-fsync",
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ],
    { log: file("etcd.log"), folder },
  );
  running.push(etcd);
  const apiServer = leash(
    [
      join(options.assets, "kube-apiserver"),
      `--etcd-servers=${client}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--tls-cert-file=${file("server.crt")}`,
      `--tls-private-key-file=${file("server.key")}`,
      `--client-ca-file=${file("ca.crt")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${file("sa.pub")}`,
      `--service-account-signing-key-file=${file("sa.key")}`,
      "--service-cluster-ip-range=10.0.0.0/24",
      "--authorization-mode=RBAC",
      "--endpoint-reconciler-type=none",
      ...(webhook === undefined ? [] : tokenFlags(file("tokens.kubeconfig"))),
    ],
    { log: file("kube-apiserver.log") },
  );
  running.push(apiServer);
  const identity = { ca: authority.certificate, cert: admin.certificate, key: admin.key };
  await untilReady(`${url}/readyz`, identity, () => etcd.end() ?? apiServer.end());
  if (options.controllers !== false) {
    const manager = leash(
      [
        join(options.assets, "kube-controller-manager"),
        `--kubeconfig=${file("admin.kubeconfig")}`,
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        "--secure-port=0",
        `--root-ca-file=${file("ca.crt")}`,
        `--service-account-private-key-file=${file("sa.key")}`,
        `--controllers=${controllers}`,
      ],
      { log: file("kube-controller-manager.log") },
    );
    running.push(manager);
    // What its controllers make is the sign that they run.
    await untilReady(`${url}/api/v1/namespaces/default/serviceaccounts/default`, identity, manager.end);
  }
  return { kubeconfig: file("admin.kubeconfig"), url, ca: authority.certificate, admin, issue };
}

/** Without its cache of two minutes a token that is not good any more is refused at once. */
const tokenFlags = (config: string): readonly string[] => [
  `--authentication-token-webhook-config-file=${config}`,
  "--authentication-token-webhook-version=v1",
  "--authentication-token-webhook-cache-ttl=0s",
];

type Identity = { readonly ca: string; readonly cert: string; readonly key: string };

async function untilReady(url: string, identity: Identity, failed: () => string | undefined): Promise<void> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    const problem = failed();
    if (problem !== undefined) throw new Error(`the API server did not start: ${problem}`);
    if ((await statusOf(url, identity)) === 200) return;
    await delay(50);
  }
  throw new Error(`the API server was not ready after ${patience / 1000} s (${url})`);
}

/** The HTTP status of a GET, or undefined while nobody answers. */
function statusOf(url: string, identity: Identity): Promise<number | undefined> {
  return new Promise((resolve) => {
    const call = request(url, { ...identity, agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode));
      response.once("error", () => resolve(undefined));
    });
    call.once("timeout", () => call.destroy());
    call.once("error", () => resolve(undefined));
    call.end();
  });
}

/** Ports that nobody listens on at this moment; held open together so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("a listening server without a port");
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function kubeconfigOf(url: string, ca: string, { certificate, key }: KeyPair): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server: url, "certificate-authority-data": base64(ca) } }],
    users: [{ name: "admin", user: { "client-certificate-data": base64(certificate), "client-key-data": base64(key) } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
  });
}
