import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { type Artifact, revision } from "@sluice/engine/domain/artifact.ts";
import { rememberCharts, versionsOf } from "@sluice/engine/reconcile/helm-repository/index-of.ts";
import { buildIndexArtifact } from "@sluice/engine/source/helm/index-artifact.ts";
import { type Spread, spreadOf } from "../report.ts";

/** What an index of a HelmRepository costs that has changed: milliseconds of processor, and MB of memory at the most, beside that of a process that has only made its text. */
export type IndexCosts = {
  readonly mb: number;
  readonly change: Spread;
  readonly peakMb: number;
  /** Milliseconds in which as many HelmCharts find their versions, and how often one of them had to read the whole index. */
  readonly looks: Spread;
  readonly parsed: number;
};

const CHARTS = 250;
const VERSIONS = 90;
const HELM_CHARTS = 100;

type Once = { readonly mb: number; readonly change: number; readonly peakMb: number; readonly looks: number; readonly parsed: number };

/** Each round in a process of its own: memory is not given back. */
export async function measureIndex(rounds: number): Promise<IndexCosts> {
  const all: Once[] = [];
  for (let round = 0; round < rounds; round++) all.push(JSON.parse((await promisify(execFile)(process.execPath, [import.meta.filename])).stdout) as Once); // written below
  const most = (value: (once: Once) => number): number => Math.max(...all.map(value));
  return {
    mb: most(({ mb }) => mb),
    change: spreadOf(all.map(({ change }) => change)),
    peakMb: most(({ peakMb }) => peakMb),
    looks: spreadOf(all.map(({ looks }) => looks)),
    parsed: most(({ parsed }) => parsed),
  };
}

const shown = ({ min, median, max }: Spread): string => `${min.toFixed(0)} ${median.toFixed(0)} ${max.toFixed(0)}`;

export const indexTable = ({ mb, change, peakMb, looks, parsed }: IndexCosts): string =>
  `an index of ${mb.toFixed(0)} MB, ms of processor (min med max): a change ${shown(change)}, with ${peakMb.toFixed(0)} MB of memory at the most; versions for ${HELM_CHARTS} HelmCharts ${shown(looks)}, of which ${parsed} read it all\n`;

const cpuMs = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
const peak = (): number => process.resourceUsage().maxRSS / 1024;

async function once(): Promise<Once> {
  const index = new TextEncoder().encode(indexText());
  const [before, memory] = [cpuMs(), peak()];
  const built = buildIndexArtifact(index);
  if (!built.ok) throw new Error(built.problem);
  const { bytes, charts } = built.value;
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const artifact: Artifact = { digest, revision: revision(digest), path: "", url: "", size: bytes.length, lastUpdateTime: "" };
  const parts = new Map<string, Uint8Array>();
  let parsed = 0;
  const readAll = async (): Promise<Uint8Array> => {
    parsed++;
    return bytes;
  };
  const stores = {
    renders: { recall: async (key: string) => parts.get(key), remember: async (key: string, part: Uint8Array) => void parts.set(key, part) },
    artifacts: { has: async () => true, get: readAll, put: async () => ({ digest, size: bytes.length, url: "" }) },
  };
  await rememberCharts(stores, charts, artifact);
  const [after, peakMb] = [cpuMs(), peak() - memory];
  for (let look = 0; look < HELM_CHARTS; look++) {
    const found = await versionsOf(stores, artifact, `chart-${look}`);
    if (!found.ok || found.value?.length !== VERSIONS) throw new Error(`chart-${look} has no versions`);
  }
  return { mb: index.length / 1e6, change: after - before, peakMb, looks: cpuMs() - after, parsed };
}

/** In the manner of what large public repositories serve. */
const indexText = (): string =>
  `apiVersion: v1\nentries:\n${Array.from({ length: CHARTS }, (_, chart) => `  chart-${chart}:\n${Array.from({ length: VERSIONS }, (__, version) => entry(`chart-${chart}`, `${version}.0.0`)).join("")}`).join("")}generated: "2030-01-01T00:00:00Z"\n`;

const entry = (name: string, version: string): string => `  - annotations:
      category: Infrastructure
      images: |
        - name: ${name}
          image: registry.example.com/charts/${name}:${version}-debian-12-r0
    apiVersion: v2
    appVersion: ${version}
    created: "2029-01-01T00:00:00.123456789Z"
    dependencies:
    - name: common
      repository: oci://registry.example.com/charts
      tags:
      - common
      version: 2.x.x
    description: ${name} is what clusters of some size have, and this says so.
    digest: ${createHash("sha256")
      .update(name + version)
      .digest("hex")}
    home: https://example.com/charts/${name}
    keywords: [${name}, cluster, infrastructure]
    maintainers:
    - name: Somebody
      url: https://example.com/charts
    name: ${name}
    sources:
    - https://example.com/charts/${name}/sources
    urls:
    - https://charts.example.com/${name}-${version}.tgz
    version: ${version}
`;

if (process.argv[1] === import.meta.filename) process.stdout.write(JSON.stringify(await once()));
