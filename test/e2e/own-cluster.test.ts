import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "../../lib/local/sandbox/sandbox.ts";
import { type LocalServer, startLocalServer } from "../support/git/local-server.ts";
import { type Dev, lastLine, runDev, startDev, temporaryFolder } from "./support/dev.ts";
import { kubectlPath, sh, shellFor } from "./support/shell.ts";
import { until } from "./support/until.ts";

const USER = { name: "git", password: "not-for-the-log" };

/** A cluster that is not ours: the sandbox of the test itself, without nodes. */
describe("npm start -- --kubeconfig", { timeout: 120_000 }, () => {
  let cluster: Sandbox;
  let server: LocalServer;
  let folder: string;
  let kubeconfig: string;
  let kubectl: (line: string) => Promise<string>;
  const once = (...words: readonly string[]): ReturnType<typeof runDev> => runDev(["--once", "--kubeconfig", kubeconfig, ...words]);

  beforeAll(async () => {
    cluster = await createSandbox({ nodes: false });
    folder = await temporaryFolder();
    kubeconfig = join(folder, "admin.kubeconfig");
    await writeFile(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
    const shell = shellFor(kubeconfig, join(await kubectlPath(), ".."));
    kubectl = (line) => shell.must(`kubectl ${line}`);
    server = await startLocalServer({ user: USER });
  });
  afterAll(async () => {
    await server?.close();
    await cluster?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it("does not start while a Flux controller runs there", async () => {
    await kubectl("create namespace gitops");
    await kubectl("-n gitops create deployment kustomize-controller --image=flux:v2");
    await kubectl("-n gitops label deployment kustomize-controller app.kubernetes.io/part-of=flux");
    const { code, err } = await once();
    expect(lastLine(err)).toContain("✗ a Flux controller runs in this cluster: Deployment gitops/kustomize-controller.");
    expect(code).toBe(1);
    expect(await kubectl("get crds -o name")).toBe("");
    await kubectl("-n gitops scale deployment kustomize-controller --replicas=0");
  });

  it("leaves alone what somebody else has under the example's names", async () => {
    await kubectl("create namespace workshop");
    const { code, err } = await once();
    expect(lastLine(err)).toContain("✗ Namespace/workshop stands in this cluster already");
    expect(code).toBe(1);
    expect(await kubectl("get crds -o name")).toBe("");
    await kubectl("delete namespace workshop");
  });

  it("applies the example in namespaces of its own, says so first, and everything becomes Ready without nodes", async () => {
    const { code, err } = await once();
    expect(err).toContain("► applying the example into namespaces sluice-examples and workshop (--no-examples leaves it out)");
    expect({ code, last: lastLine(err) }).toEqual({ code: 0, last: "✔ everything is Ready" });
    expect(await kubectl("-n workshop get deployment nginx -o jsonpath='{.spec.replicas}/{.status.readyReplicas}'")).toBe("3/");
    expect(await kubectl("-n flux-system get kustomizations -o name")).toBe("");
  });

  it("starts again there, its commands name the namespace, and the example goes when its namespace is deleted", async () => {
    const dev: Dev = await startDev(["--kubeconfig", kubeconfig]);
    try {
      await dev.ready();
      const { setUp, commands } = dev.printed();
      expect(await sh(`${setUp}\n${commands[1]}`)).toMatchObject({ code: 0 });
      await kubectl("delete namespace sluice-examples");
      await until("delete → pruned", async () => (await kubectl("get namespaces -o name")).split("\n").every((name) => !/workshop|sluice-examples/.test(name)));
    } finally {
      await dev.dispose();
    }
  });

  it("--repo: a private repository, with credentials from a Secret", async () => {
    await server.create("team/config");
    await server.commit("team/config", "live", "One", {
      "deploy/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: gitops\ndata:\n  colour: green\n",
    });
    const repository = ["--repo", `${server.url}/team/config.git`, "--branch", "live", "--path", "./deploy", "--secret-ref", "git-credentials"];
    const without = await once(...repository);
    expect(without).toMatchObject({ code: 1 });
    expect(lastLine(without.err)).toMatch(/^✗ GitRepository\/flux-system\/config: AuthenticationFailed: .*git-credentials/);

    await kubectl("-n flux-system create secret generic git-credentials --from-literal=username=git --from-literal=password=wrong");
    const wrong = await once(...repository);
    expect(wrong).toMatchObject({ code: 1 });
    expect(lastLine(wrong.err)).toMatch(/^✗ GitRepository\/flux-system\/config: GitOperationFailed: .*authentication required/);

    await kubectl("-n flux-system delete secret git-credentials");
    await kubectl(`-n flux-system create secret generic git-credentials --from-literal=username=git --from-literal=password=${USER.password}`);
    const right = await once(...repository);
    expect({ code: right.code, last: lastLine(right.err) }).toEqual({ code: 0, last: "✔ everything is Ready" });
    expect(await kubectl("-n gitops get configmap settings -o jsonpath='{.data.colour}'")).toBe("green");
    expect(`${right.out}${right.err}`).not.toContain(USER.password);
  });

  it("--no-examples: looks after what is there", async () => {
    await server.commit("team/config", "live", "Two", {
      "deploy/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: gitops\ndata:\n  colour: blue\n",
    });
    expect(await once("--no-examples")).toMatchObject({ code: 0 });
    expect(await kubectl("-n gitops get configmap settings -o jsonpath='{.data.colour}'")).toBe("blue");
  });
});
