import { beforeAll, expect, it } from "vitest";
import { shop } from "../support/charts.ts";
import { helmRelease, type World } from "../support/world.ts";

const NAMESPACE = "fluxed";
const KUSTOMIZATION = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" } as const;
const DEPLOYED = "Helm install succeeded for release fluxed/shop.v1 with chart shop@1.0.0";

type Case = { readonly line: string; readonly want: readonly string[]; readonly code?: number };

const reconciled = (kind: string, name: string, last: string): readonly string[] => [
  `► annotating ${kind} ${name} in ${NAMESPACE} namespace`,
  `✔ ${kind} annotated`,
  `◎ waiting for ${kind} reconciliation`,
  last,
];
const APPLIED = reconciled("HelmRelease", "shop", "✔ applied revision 1.0.0");
const FETCHED_INDEX = reconciled("HelmRepository", "charts", "✔ fetched revision DIGEST");
const FETCHED_CHART = reconciled("HelmChart", "fluxed-shop", "✔ fetched revision 1.0.0");

const CASES: readonly Case[] = [
  { line: "get hr", want: ["NAME REVISION SUSPENDED READY MESSAGE", `shop 1.0.0 False True ${DEPLOYED}`] },
  {
    line: "get sources helm",
    want: ["NAME REVISION SUSPENDED READY MESSAGE", "charts DIGEST False True stored artifact: revision 'DIGEST'"],
  },
  {
    line: "get sources chart",
    want: ["NAME REVISION SUSPENDED READY MESSAGE", "fluxed-shop 1.0.0 False True pulled 'shop' chart with version '1.0.0'"],
  },
  {
    line: "tree kustomization apps",
    want: [
      `Kustomization/${NAMESPACE}/apps`,
      `└── HelmRelease/${NAMESPACE}/shop`,
      `├── ConfigMap/${NAMESPACE}/shop`,
      `├── Service/${NAMESPACE}/shop`,
      `└── Deployment/${NAMESPACE}/shop`,
    ],
  },
  {
    line: "trace shop --api-version apps/v1 --kind Deployment",
    want: [
      "Object: Deployment/shop",
      "Namespace: fluxed",
      "Status: Managed by Flux",
      "---",
      "HelmRelease: shop",
      "Namespace: fluxed",
      "Revision: 1.0.0",
      "Status: Last reconciled at TIME",
      `Message: ${DEPLOYED}`,
      "---",
      "HelmChart: fluxed-shop",
      "Namespace: fluxed",
      "Chart: shop",
      "Version: 1.0.x",
      "Revision: 1.0.0",
      "Status: Last reconciled at TIME",
      "Message: pulled 'shop' chart with version '1.0.0'",
      "---",
      "HelmRepository: charts",
      "Namespace: fluxed",
      "URL: URL/charts",
      "Revision: DIGEST",
      "Status: Last reconciled at TIME",
      "Message: stored artifact: revision 'DIGEST'",
    ],
  },
  { line: "debug hr shop --show-values", want: ["colour: blue"] },
  { line: "reconcile hr shop", want: APPLIED },
  { line: "reconcile hr shop --reset", want: APPLIED },
  { line: "reconcile hr shop --with-source", want: [...FETCHED_INDEX, ...FETCHED_CHART, ...APPLIED] },
  // None of these has made a revision; that one does.
  { line: "get hr shop", want: ["NAME REVISION SUSPENDED READY MESSAGE", `shop 1.0.0 False True ${DEPLOYED}`] },
  { line: "reconcile hr shop --force", want: APPLIED },
  { line: "suspend hr shop", want: ["► suspending helmrelease shop in fluxed namespace", "✔ helmrelease suspended"] },
  {
    line: "get hr shop",
    want: ["NAME REVISION SUSPENDED READY MESSAGE", "shop 1.0.0 True True Helm upgrade succeeded for release fluxed/shop.v2 with chart shop@1.0.0"],
  },
  { line: "reconcile hr shop", want: ["✗ resource is suspended"], code: 1 },
  {
    line: "resume hr shop",
    want: [
      "► resuming helmrelease shop in fluxed namespace",
      "✔ helmrelease resumed",
      "◎ waiting for HelmRelease reconciliation",
      "✔ HelmRelease shop reconciliation completed",
      "✔ applied revision 1.0.0",
    ],
  },
  { line: "reconcile source chart fluxed-shop", want: FETCHED_CHART },
  { line: "suspend source helm charts", want: ["► suspending source helm charts in fluxed namespace", "✔ source helm suspended"] },
  {
    line: "resume source helm charts",
    want: [
      "► resuming source helm charts in fluxed namespace",
      "✔ source helm resumed",
      "◎ waiting for HelmRepository reconciliation",
      "✔ HelmRepository charts reconciliation completed",
      "✔ fetched revision DIGEST",
    ],
  },
];

/** The real flux against our engine. The cases follow one another. */
export function tellOfFlux(worldOf: () => World): void {
  const flux = async (words: string): Promise<Pick<Case, "want" | "code">> => {
    const { code, out, err } = await worldOf().flux(`${words} -n ${NAMESPACE}`);
    return { want: [...lines(err), ...lines(out)], code };
  };
  const release = (values: { readonly colour: string | number }) => helmRelease(NAMESPACE, "shop", "shop", "1.0.x", { values });

  beforeAll(async () => {
    const world = worldOf();
    await world.namespace(NAMESPACE);
    await world.publish("shop", "1.0.0", shop("1.0.0"));
    await world.apply(release({ colour: "blue" }));
    await world.settled(NAMESPACE, "shop");
    await putKustomization(world);
  });

  it.each(CASES)("flux $line", async ({ line, want, code = 0 }) => {
    expect(await flux(line)).toEqual({ want, code });
  });

  it("flux debug hr --show-history", async () => {
    const { want, code } = await flux("debug hr shop --show-history");
    expect(code).toBe(0);
    expect(want).toEqual(
      expect.arrayContaining(["- action: upgrade", "status: deployed", "version: 2", "- apiVersion: v2", "status: superseded", "version: 1"]),
    );
  });

  it("flux events --for HelmRelease/shop", async () => {
    const { want, code } = await flux("events --for HelmRelease/shop");
    expect(code).toBe(0);
    const told = want.map((line) => line.replace(/^.*?(Normal|Warning)/, "$1"));
    expect(told).toEqual(
      expect.arrayContaining([
        `Normal InstallSucceeded HelmRelease/shop ${DEPLOYED}`,
        "Normal HelmChartCreated HelmRelease/shop Created HelmChart/fluxed/fluxed-shop with SourceRef 'HelmRepository/fluxed/charts'",
        "Normal ChartPullSucceeded HelmChart/fluxed-shop pulled 'shop' chart with version '1.0.0'",
        "Normal UpgradeSucceeded HelmRelease/shop Helm upgrade succeeded for release fluxed/shop.v2 with chart shop@1.0.0",
      ]),
    );
  });

  it("what fails ends with 1 and says why", async () => {
    await worldOf().apply(release({ colour: 5 }));
    // flux waits for what is retried, as long as it is told to.
    expect(await flux("reconcile hr shop --timeout 3s")).toEqual({ want: [...APPLIED.slice(0, 3), "✗ context deadline exceeded"], code: 1 });
    expect((await flux("get hr shop --status-selector ready=false")).want[1]).toMatch(/^shop 1.0.0 False False Helm upgrade failed for release fluxed\/shop /);
    await worldOf().apply(release({ colour: "green" }));
    expect(await flux("reconcile hr shop")).toEqual({ want: APPLIED, code: 0 });
  });

  it("flux delete hr uninstalls", async () => {
    expect(await flux("delete hr shop -s")).toEqual({ want: ["► deleting helmrelease shop in fluxed namespace", "✔ helmrelease deleted"], code: 0 });
    await worldOf().gone(NAMESPACE, "shop");
    expect(JSON.parse(await worldOf().mustHelm(`list -n ${NAMESPACE} -o json`))).toEqual([]);
  });
}

/** A Kustomization that is suspended and says that the HelmRelease is its own: what `flux tree` goes by. */
async function putKustomization(world: World): Promise<void> {
  const spec = { interval: "1h", prune: false, suspend: true, path: "./", sourceRef: { kind: "GitRepository", name: "none" } };
  await world.apply({ ...KUSTOMIZATION, metadata: { name: "apps", namespace: NAMESPACE }, spec });
  const status = { inventory: { entries: [{ id: `${NAMESPACE}_shop_helm.toolkit.fluxcd.io_HelmRelease`, v: "v2" }] } };
  const ref = { ...KUSTOMIZATION, namespace: NAMESPACE, name: "apps" };
  const answer = await world.cluster.patch(ref, { body: { type: "merge", merge: { status } }, subresource: "status", manager: "somebody" });
  if (answer.kind !== "patched") throw new Error(`the Kustomization has no inventory: ${answer.kind}`);
}

/** Without what changes from run to run, and without the columns. */
const lines = (text: string): readonly string[] =>
  text
    .replaceAll(/sha256:[0-9a-f]{8,}/g, "DIGEST")
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "URL")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC/g, "TIME")
    .split("\n")
    .map((line) => line.trim().replaceAll(/\s+/g, " "))
    .filter((line) => line !== "");
