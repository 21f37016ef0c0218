import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ChartCase, filesOf, type RenderedWith } from "./chart-case.ts";
import { packedFiles } from "./packed-files.ts";

/** What `helm template` prints for the chart, or `Error: …` without what it says on the side. */
export async function templateWithHelm(helm: string, chart: ChartCase): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-helm-"));
  try {
    const root = join(folder, "chart");
    for (const [path, bytes] of packedFiles(filesOf(chart))) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    const valuesFile = join(folder, "values.yaml");
    await writeFile(valuesFile, JSON.stringify(chart.values ?? {}));
    return await run(helm, [...argumentsOf(chart), "--values", valuesFile], root, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const argumentsOf = ({ namespace = "default", upgrade = false, kubeVersion, apiVersions = [], crds = false }: RenderedWith): readonly string[] => [
  "--namespace",
  namespace,
  ...(upgrade ? ["--is-upgrade"] : []),
  ...(kubeVersion === undefined ? [] : ["--kube-version", kubeVersion]),
  ...apiVersions.flatMap((version) => ["--api-versions", version]),
  ...(crds ? ["--include-crds"] : []),
];

/** The same of a chart in a folder, with a file of values or its own alone. */
export async function templateFolder(helm: string, folder: string, valuesFile: string | undefined): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "sluice-helm-"));
  try {
    return await run(helm, [...argumentsOf({}), ...(valuesFile === undefined ? [] : ["--values", valuesFile])], folder, home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function run(helm: string, args: readonly string[], root: string, home: string): Promise<string> {
  const environment = { PATH: process.env["PATH"], HOME: home, KUBECONFIG: join(home, "none") };
  return new Promise((resolve) => {
    execFile(helm, ["template", "rel", root, ...args], { env: environment, maxBuffer: 256 * 1024 * 1024, timeout: 60_000 }, (failure, stdout, stderr) => {
      resolve(failure === null ? stdout : errorOf(stderr, root));
    });
  });
}

/** What is said where helm itself dies. */
export const CRASHED = "helm crashed\n";

/** From `Error: ` on, without the advice that helm adds. */
function errorOf(stderr: string, root: string): string {
  if (stderr.includes("fatal error: stack overflow")) return CRASHED;
  const start = stderr.search(/^Error: /m);
  const text = (start < 0 ? stderr : stderr.slice(start)).replace(/\n+Use --debug flag to render out invalid YAML\n*$/, "\n");
  return text.replaceAll(root, "CHART").replace(/\n*$/, "\n");
}
