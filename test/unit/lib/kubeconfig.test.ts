import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KubeconfigProblem, loadConnection } from "../../../lib/kubeconfig.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-kubeconfig-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const MAIN = `
current-context: main
contexts:
- {name: main, context: {cluster: one, user: certificate, namespace: apps}}
- {name: other, context: {cluster: two, user: token}}
- {name: nowhere, context: {cluster: gone, user: token}}
- {name: nobody, context: {cluster: one, user: gone}}
- {name: proxied, context: {cluster: proxied, user: token}}
- {name: old, context: {cluster: one, user: password}}
clusters:
- {name: one, cluster: {server: "https://one.example:6443", certificate-authority-data: ${base64("ca")}}}
- {name: two, cluster: {server: "https://two.example", insecure-skip-tls-verify: true, tls-server-name: two}}
- {name: proxied, cluster: {server: "https://p.example", proxy-url: "http://proxy:3128"}}
users:
- {name: certificate, user: {client-certificate-data: ${base64("cert")}, client-key: key.pem}}
- {name: token, user: {token: secret-one}}
- {name: password, user: {username: u, password: secret-two}}
`;

describe("loadConnection", () => {
  it("takes the current context, data in the file and files beside it", async () => {
    await file("key.pem", "key");
    const { connection, namespace, contextName } = await loadConnection({ kubeconfig: await file("config", MAIN) });
    expect({ ...connection, namespace, contextName }).toEqual({
      server: "https://one.example:6443",
      certificateAuthority: Buffer.from("ca"),
      clientCertificate: Buffer.from("cert"),
      clientKey: Buffer.from("key"),
      namespace: "apps",
      contextName: "main",
    });
  });

  it("takes the context that is named; a token of the file is the token of every request", async () => {
    const { connection, namespace } = await loadConnection({ kubeconfig: await file("config", MAIN), context: "other" });
    expect({ server: connection.server, insecure: connection.insecure, serverName: connection.serverName, namespace }).toEqual({
      server: "https://two.example",
      insecure: true,
      serverName: "two",
      namespace: "default",
    });
    expect(await connection.token?.(false)).toBe("secret-one");
  });

  it("lets flags win over the file", async () => {
    const { connection } = await loadConnection({
      kubeconfig: await file("config", MAIN),
      context: "other",
      server: "https://flag",
      token: "given",
      insecure: false,
    });
    expect(connection.server).toBe("https://flag");
    expect(connection.insecure).toBeUndefined();
    expect(await connection.token?.(false)).toBe("given");
  });

  it("merges the files of KUBECONFIG: whoever says something first wins, and files that are missing are passed over", async () => {
    const first = await file("a", "current-context: x\nusers: [{name: u, user: {token: first}}]\n");
    const second = await file(
      "b",
      `current-context: y
contexts: [{name: x, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://b"}}]
users: [{name: u, user: {token: second}}]
`,
    );
    const { connection, contextName } = await loadConnection({ files: [join(folder, "missing"), first, second] });
    expect([connection.server, contextName, await connection.token?.(false)]).toEqual(["https://b", "x", "first"]);
  });

  it("reads a token file anew for every request", async () => {
    const token = await file("token", "one\n");
    const { connection } = await loadConnection({
      kubeconfig: await file(
        "config",
        `current-context: c
contexts: [{name: c, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://b"}}]
users: [{name: u, user: {tokenFile: token}}]
`,
      ),
    });
    expect(await connection.token?.(false)).toBe("one");
    await writeFile(token, "two");
    expect(await connection.token?.(false)).toBe("two");
  });

  it("runs a credential plugin once, and again when its token was refused", async () => {
    const plugin = await file(
      "plugin",
      `#!/bin/sh
echo x >> "${folder}/runs"
printf '{"kind":"ExecCredential","status":{"token":"%s-%s"}}' "$WHO" "$(wc -l < "${folder}/runs" | tr -d ' ')"
`,
    );
    await chmod(plugin, 0o755);
    const { connection } = await loadConnection({
      kubeconfig: await file(
        "config",
        `current-context: c
contexts: [{name: c, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://b"}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: "${plugin}", env: [{name: WHO, value: me}]}}}]
`,
      ),
    });
    expect(await connection.token?.(false)).toBe("me-1");
    expect(await connection.token?.(false)).toBe("me-1");
    expect(await connection.token?.(true)).toBe("me-2");
  });

  /** As `aws eks update-kubeconfig --profile platform` writes it; `aws` is the script. */
  async function eksConfig(script: string): Promise<string> {
    const aws = await file("aws", `#!/bin/sh\n${script}\n`);
    await chmod(aws, 0o755);
    return file(
      "config",
      `apiVersion: v1
kind: Config
current-context: arn:aws:eks:eu-central-1:123456789012:cluster/prod
contexts:
- context: {cluster: arn:aws:eks:eu-central-1:123456789012:cluster/prod, user: arn:aws:eks:eu-central-1:123456789012:cluster/prod}
  name: arn:aws:eks:eu-central-1:123456789012:cluster/prod
clusters:
- cluster: {certificate-authority-data: Y2E=, server: "https://ABC.gr7.eu-west-1.eks.amazonaws.com"}
  name: arn:aws:eks:eu-central-1:123456789012:cluster/prod
users:
- name: arn:aws:eks:eu-central-1:123456789012:cluster/prod
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args: [--region, eu-central-1, eks, get-token, --cluster-name, prod, --output, json]
      command: ${aws}
      env:
      - {name: AWS_PROFILE, value: platform}
`,
    );
  }

  it("gets a token of EKS as kubectl does, with the words and the profile of the file, and knows the region", async () => {
    const { connection, awsRegion } = await loadConnection({
      kubeconfig: await eksConfig(
        `printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","spec":{},"status":{"expirationTimestamp":"2000-01-01T00:00:00Z","token":"k8s-aws-v1.%s.%s"}}' "$AWS_PROFILE" "$(echo "$@" | tr ' ' '+')"`,
      ),
    });
    expect(awsRegion).toBe("eu-central-1");
    expect(await connection.token?.(false)).toBe("k8s-aws-v1.platform.--region+eu-central-1+eks+get-token+--cluster-name+prod+--output+json");
  });

  it("says what the plugin said when it makes no token", async () => {
    const { connection } = await loadConnection({ kubeconfig: await eksConfig("echo 'Unable to locate credentials' >&2; exit 253") });
    await expect(connection.token?.(false)).rejects.toThrow(/Unable to locate credentials/);
  });

  it.each([
    { context: "gone", problem: 'context "gone" does not exist' },
    { context: "nowhere", problem: 'cluster "gone" does not exist' },
    { context: "nobody", problem: 'auth info "gone" does not exist' },
    { context: "proxied", problem: 'cluster "proxied" has a proxy-url, which Sluice does not support' },
    { context: "old", problem: "a user with username and password is not supported: Kubernetes has no such login since 1.19" },
  ])("says what is wrong: $problem", async ({ context, problem }) => {
    await expect(loadConnection({ kubeconfig: await file("config", MAIN), context })).rejects.toThrow(new KubeconfigProblem(problem));
  });

  it("says that the file which was named is not there", async () => {
    await expect(loadConnection({ kubeconfig: "/nowhere/config" })).rejects.toThrow("stat /nowhere/config: no such file or directory");
  });

  it("says why a file cannot be read", async () => {
    const main = await file("config", MAIN);
    await expect(loadConnection({ kubeconfig: folder })).rejects.toThrow(`error loading config file "${folder}": read ${folder}: is a directory`);
    await expect(loadConnection({ files: [`${main}/x`] })).rejects.toThrow(`error loading config file "${main}/x": open ${main}/x: not a directory`);
  });

  it("says which files it looked into when nothing names a cluster", async () => {
    await expect(loadConnection({ files: ["/nowhere/config"] })).rejects.toThrow(
      "no cluster is configured in /nowhere/config: name a kubeconfig with --kubeconfig",
    );
  });

  it("never quotes a file that is no YAML", async () => {
    const broken = await file("config", "users: [{name: u, user: {token: hunter2\n");
    const problem = await loadConnection({ kubeconfig: broken }).catch((error: unknown) => String(error));
    expect(problem).toContain(`error loading config file "${broken}"`);
    expect(problem).not.toContain("hunter2");
  });
});
