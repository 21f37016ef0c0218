import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { kubectlOfTests } from "../../support/kubectl.ts";
import { kubectlVersion } from "../kubectl.ts";
import { overlayOf } from "./workload.ts";

const USAGE = `npm run bench:builds -- [--objects N]... [--rounds N]

What a build costs beside \`kubectl kustomize\` of the same folder in the same run: an overlay with namespace, prefix, labels, annotations, images, replicas, a generator
and a JSON patch over a base of N objects (three ConfigMaps to one Deployment), four to a file. Milliseconds, medians of the rounds.
  first    the first build of a process
  warm     a build after others; nothing is parsed ahead
  known    a build whose files were parsed by the one before
  heap     MB of the process above what it had before its first build, at most (garbage included)
  command  sluice kustomize DIR, the whole process
  kubectl  kubectl kustomize DIR, the whole process
`;

const SLUICE = fileURLToPath(new URL("../../../lib/cli/sluice.js", import.meta.url));
const MEASURE = fileURLToPath(new URL("measure.ts", import.meta.url));

type Round = {
  readonly first: number;
  readonly warm: number;
  readonly known: number;
  readonly heap: number;
  readonly command: number;
  readonly kubectl: number;
};

const { values } = parseArgs({
  options: { objects: { type: "string", multiple: true }, rounds: { type: "string", default: "3" }, help: { type: "boolean", short: "h", default: false } },
});

if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const sizes = (values.objects ?? ["20", "50", "500", "2000", "4000"]).map(Number);
  const rounds = Number(values.rounds);
  const kubectl = await kubectlOfTests();
  process.stdout.write(
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, kubectl ${await kubectlVersion()}, ${rounds} rounds, load ${loadavg()[0]?.toFixed(1)}\n\n`,
  );
  const head = ["objects", "first", "warm", "known", "heap", "command", "kubectl", "warm/kubectl", "command/kubectl"];
  process.stdout.write(`${lineOf(head)}\n`);
  for (const objects of sizes) process.stdout.write(`${lineOf(cellsOf(objects, await roundsOf(objects, rounds, kubectl)))}\n`);
}

function cellsOf(objects: number, all: readonly Round[]): readonly string[] {
  const median = (of: (round: Round) => number): number => all.map(of).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  const times = [median(({ first }) => first), median(({ warm }) => warm), median(({ known }) => known)];
  const processes = [median(({ command }) => command), median(({ kubectl }) => kubectl)];
  const ratios = [median(({ warm, kubectl }) => warm / kubectl), median(({ command, kubectl }) => command / kubectl)];
  return [
    String(objects),
    ...times.map((ms) => ms.toFixed(ms < 10 ? 1 : 0)),
    median(({ heap }) => heap).toFixed(0),
    ...processes.map((ms) => ms.toFixed(0)),
    ...ratios.map((ratio) => ratio.toFixed(3)),
  ];
}

function lineOf(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(9)).join("  ");
}

async function roundsOf(objects: number, count: number, kubectl: string): Promise<readonly Round[]> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  try {
    for (const [path, text] of overlayOf(objects)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const target = join(folder, "prod");
    const rounds: Round[] = [];
    for (let index = 0; index < count; index++) {
      const own: { first: number; warm: number; knownFiles: number; peakHeap: number } = JSON.parse(
        (await timed(process.execPath, ["--expose-gc", MEASURE, String(objects)])).out,
      );
      const command = await timed(process.execPath, [SLUICE, "kustomize", target]);
      const beside = await timed(kubectl, ["kustomize", target]);
      if (command.out !== beside.out) throw new Error(`sluice and kubectl print different things for ${objects} objects`);
      rounds.push({ first: own.first, warm: own.warm, known: own.knownFiles, heap: own.peakHeap / 1e6, command: command.ms, kubectl: beside.ms });
    }
    return rounds;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function timed(program: string, words: readonly string[]): Promise<{ readonly ms: number; readonly out: string }> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve({ ms: performance.now() - started, out: Buffer.concat(parts).toString("utf8") });
      else reject(new Error(`${program} ${words.join(" ")} ended with ${code}`));
    });
  });
}
