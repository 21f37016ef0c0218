import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiServer, startApiServer } from "../support/kubernetes/api-server.ts";
import { type Clone, cloneOf } from "./support/clone.ts";
import { type Dev, lastLine, runDev, startDev } from "./support/dev.ts";
import { shellFor } from "./support/shell.ts";
import { until } from "./support/until.ts";

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set: see test/support/kubernetes/README.md`);
  return value;
};

/** The main job on a real kube-apiserver, seen with the real flux command. The cases follow one another. */
describe("npm start -- --kubeconfig, a real API server and the real flux", () => {
  let cluster: ApiServer;
  let dev: Dev;
  let clone: Clone;
  let shell: ReturnType<typeof shellFor>;
  const flux = (words: string): ReturnType<typeof shell.sh> => shell.sh(`'${given("FLUX")}' ${words}`);
  const replicas = (): Promise<string> => shell.must("kubectl -n workshop get deployment nginx -o jsonpath='{.spec.replicas}'");

  beforeAll(async () => {
    given("FLUX");
    cluster = await startApiServer({ assets: given("KUBEBUILDER_ASSETS") });
    dev = await startDev(["--kubeconfig", cluster.kubeconfig]);
    await dev.ready();
    shell = shellFor(cluster.kubeconfig, join(dev.folder, ".sluice", "bin"));
    clone = await cloneOf(dev.printed().cloneUrl);
  });
  afterAll(async () => {
    await clone?.dispose();
    await dev?.dispose();
    await cluster?.stop();
  });

  it("everything is Ready, and --once says so", async () => {
    expect(dev.err()).toContain("✔ everything is Ready");
    const { code, out } = await flux("get all -n sluice-examples");
    expect(code).toBe(0);
    expect(out.match(/\tTrue /g)).toHaveLength(4);
  });

  it("flux check", async () => expect(await flux("check")).toMatchObject({ code: 0 }));

  it("a push is applied, and flux events, tree and trace show it", async () => {
    await clone.edit("gitops/applications/01-sample-app.yaml", (text) => text.replace("replicas: 3", "replicas: 5"));
    await clone.push("Five");
    await until("push → applied", async () => (await replicas()) === "5");
    expect((await flux("events -n sluice-examples --for Kustomization/applications")).out).toContain("Deployment/workshop/nginx configured");
    expect((await flux("tree kustomization applications -n sluice-examples")).out).toContain("Deployment/workshop/nginx");
    expect((await flux("trace deployment nginx -n workshop")).out).toMatch(/Kustomization: +applications/);
  });

  it("flux reconcile --with-source reverts drift", async () => {
    await shell.must("kubectl -n workshop scale deployment nginx --replicas=1");
    expect(await flux("reconcile kustomization applications -n sluice-examples --with-source")).toMatchObject({ code: 0 });
    expect(await replicas()).toBe("5");
  });

  it("flux suspend and resume", async () => {
    expect(await flux("suspend kustomization applications -n sluice-examples")).toMatchObject({ code: 0 });
    await shell.must("kubectl -n workshop scale deployment nginx --replicas=2");
    expect((await flux("reconcile kustomization applications -n sluice-examples")).code).toBe(1);
    expect(await replicas()).toBe("2");
    expect(await flux("resume kustomization applications -n sluice-examples")).toMatchObject({ code: 0 });
    expect(await replicas()).toBe("5");
  });

  it("a removed API version is refused with the name of the one to use", async () => {
    await clone.write(
      "gitops/applications/01-hpa-sample-app.yaml",
      "apiVersion: autoscaling/v2beta1\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: nginx-hpa\n",
    );
    await clone.edit("gitops/applications/kustomization.yaml", (text) => text.replace("#  - 01-hpa", "  - 01-hpa"));
    await clone.push("HPA");
    await until("push → refused", async () => (await flux("get kustomization applications -n sluice-examples")).out.includes("use autoscaling/v2 "));
  });

  it("flux uninstall leaves every workload alone", async () => {
    const workloads = (): Promise<string> => shell.must("kubectl -n workshop get deployments,services,configmaps,cronjobs,limitranges -o name");
    const before = await workloads();
    const { code, out, err } = await flux("uninstall --silent");
    expect({ code, last: lastLine(`${out}${err}`) }).toEqual({ code: 0, last: "✔ uninstall finished" });
    await until("uninstall → no Flux kind is left", async () => (await shell.must("kubectl get crds -o name | grep -c fluxcd.io || true")) === "0");
    await until("uninstall → namespace gone", async () => (await shell.sh("kubectl get namespace flux-system")).code !== 0);
    expect(await workloads()).toBe(before);
    dev.signal("SIGINT");
    expect(await dev.ended).toMatchObject({ code: 0 });
  });

  it("starts again over what an uninstall left", async () => {
    expect(await runDev(["--once", "--kubeconfig", cluster.kubeconfig])).toMatchObject({ code: 0 });
  });
});
