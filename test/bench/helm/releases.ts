import { createServer, type Server as HttpServer } from "node:http";
import { findCondition } from "@sluice/engine/domain/condition.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import type { Host } from "../../../lib/local/host.ts";
import { applyOne } from "../../../lib/local/prepare-cluster.ts";
import { createCharts } from "../../conformance/git/charts.ts";

/** HelmReleases of one chart of four objects, out of one HelmRepository. Whether they are Ready the host's watches tell: nothing is asked of the server. */
export type Releases = {
  /** Makes the namespace with its HelmRepository, and installs and removes one release: a controller that runs has loaded its code. */
  prepare(namespace: string): Promise<void>;
  /** Creates them, and answers when the last one is Ready. */
  install(namespace: string, count: number): Promise<number>;
  /** Gives all of them other values, and answers when the last one is Ready at them. */
  upgrade(namespace: string, count: number, colour: string): Promise<number>;
  remove(namespace: string, count: number): Promise<void>;
  stop(): Promise<void>;
};

type Until = (isSo: () => boolean, otherwise: string) => Promise<void>;

const CHART = {
  name: "four",
  version: "1.0.0",
  files: {
    "values.yaml": "colour: blue\n",
    "templates/_helpers.tpl":
      '{{- define "four.labels" -}}\napp.kubernetes.io/name: {{ .Chart.Name }}\napp.kubernetes.io/instance: {{ .Release.Name }}\n{{- end -}}\n',
    "templates/account.yaml": object("v1", "ServiceAccount", ""),
    "templates/config.yaml": object("v1", "ConfigMap", "data:\n  colour: {{ .Values.colour | quote }}\n"),
    "templates/more.yaml": object("v1", "ConfigMap", "data:\n  all: {{ toJson .Values | quote }}\n").replace(
      "{{ .Release.Name }}\n",
      "{{ .Release.Name }}-more\n",
    ),
    "templates/service.yaml": object(
      "v1",
      "Service",
      'spec:\n  selector:\n    {{- include "four.labels" . | nindent 4 }}\n  ports:\n    - port: 80\n      name: {{ .Values.colour }}\n',
    ),
  },
};

function object(apiVersion: string, kind: string, rest: string): string {
  const head = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: {{ .Release.Name }}\n`;
  return `${head}  labels:\n    {{- include "four.labels" . | nindent 4 }}\n${rest}`;
}

const namesOf = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `release-${index}`);

export async function createReleases(host: Host, until: Until): Promise<Releases> {
  const charts = createCharts();
  const server = createServer((request, response) => {
    const found = charts.read(request.url ?? "");
    response.statusCode = found === undefined ? 404 : 200;
    response.end(found);
  });
  const url = await listen(server);
  // Looking costs time, too: an object is looked into when it is another than before.
  const looked = new WeakMap<Manifest, boolean>();
  const isReadyNow = (one: Manifest): boolean => {
    const isSo = looked.get(one) ?? isReady(one);
    looked.set(one, isSo);
    return isSo;
  };
  const readyOf = (kind: string, namespace: string): readonly Manifest[] =>
    (host.watches()?.objects() ?? []).filter((one) => one.kind === kind && one.metadata.namespace === namespace && isReadyNow(one));
  const all = async (namespace: string, count: number, colour: string): Promise<number> => {
    await Promise.all(namesOf(count).map((name) => applyOne(host.cluster, release(namespace, name, colour))));
    const generation = colour === "blue" ? 1 : 2;
    await until(
      () => readyOf("HelmRelease", namespace).filter(({ metadata }) => (metadata.generation ?? 0) >= generation).length >= count,
      "the HelmReleases are not Ready",
    );
    return performance.now();
  };
  const remove = async (namespace: string, count: number): Promise<void> => {
    for (const name of namesOf(count))
      await host.cluster.delete({ apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", namespace, name }, { propagation: "Background" });
    await until(
      () => (host.watches()?.objects() ?? []).every((one) => one.kind !== "HelmRelease" || one.metadata.namespace !== namespace),
      "the HelmReleases were not deleted",
    );
    await host.queue.idle();
  };
  return {
    prepare: async (namespace) => {
      charts.add(namespace, CHART);
      await applyOne(host.cluster, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      await applyOne(host.cluster, repository(namespace, `${url}/charts/${namespace}`));
      await until(() => readyOf("HelmRepository", namespace).length === 1, "the HelmRepository is not Ready");
      await all(namespace, 1, "blue");
      await remove(namespace, 1);
    },
    install: (namespace, count) => all(namespace, count, "blue"),
    upgrade: (namespace, count, colour) => all(namespace, count, colour),
    remove,
    stop: () => new Promise<void>((done) => server.close(() => done())),
  };
}

const listen = (server: HttpServer): Promise<string> =>
  new Promise((done) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      done(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
    }),
  );

const repository = (namespace: string, url: string): Manifest => ({
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "HelmRepository",
  metadata: { name: "charts", namespace },
  spec: { interval: "1h", url },
});

const release = (namespace: string, name: string, colour: string): Manifest => ({
  apiVersion: "helm.toolkit.fluxcd.io/v2",
  kind: "HelmRelease",
  metadata: { name, namespace },
  spec: {
    interval: "1h",
    chart: { spec: { chart: CHART.name, version: "*", sourceRef: { kind: "HelmRepository", name: "charts" } } },
    values: { colour },
  },
});

function isReady(object: Manifest): boolean {
  const ready = findCondition(conditionsOf(object), "Ready");
  if (ready?.status === "False" && ready.reason.endsWith("Failed")) throw new Error(`${object.kind} ${object.metadata.name}: ${ready.message}`);
  return ready?.status === "True" && ready.observedGeneration === object.metadata.generation;
}
