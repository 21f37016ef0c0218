import { GCProfiler } from "node:v8";
import { createKustomizer, FLUX } from "@sluice/engine/build/kustomize/build.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { overlayOf } from "./workload.ts";

/**
 * A process of its own: builds the overlay of as many objects as its argument says, and prints what that took as JSON. `first` in a process that has built nothing, `warm`
 * the median of those that follow, none with anything parsed before; `knownFiles` one that finds all files parsed. `peakHeap` is that of the builds above what the process has before them.
 */
const objects = Number(process.argv[2]);
const ROUNDS = 7;

const tree = new Map([...overlayOf(objects)].map(([path, text]) => [path, { bytes: new TextEncoder().encode(text), executable: false }]));
globalThis.gc?.();
const idle = process.memoryUsage().heapUsed;
const profiler = new GCProfiler();
profiler.start();

function build(keptBytes: number, rounds: number): readonly number[] {
  const kustomizer = createKustomizer({ keptBytes });
  return Array.from({ length: rounds }, () => {
    const started = performance.now();
    const built = kustomizer.build({ files: filesOfTree(tree), path: "prod", restriction: "within-tree", manner: FLUX });
    if (!built.ok) throw new Error(built.problem.message);
    if (built.value.yaml().length < objects) throw new Error("nothing was built");
    return performance.now() - started;
  });
}

const [first = 0] = build(0, 1);
const afterFirst = process.memoryUsage().heapUsed;
const report = profiler.stop();
const used = (report?.statistics ?? []).map(({ beforeGC }) => beforeGC.heapStatistics.usedHeapSize);
const peak = Math.max(afterFirst, ...used);
const warm = build(0, ROUNDS).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
const knownFiles = build(64 * 1024 * 1024, 3).at(-1) ?? 0;
process.stdout.write(JSON.stringify({ first, warm, knownFiles, peakHeap: peak - idle }));
