import { cpus, loadavg } from "node:os";
import { type AwsWorld, createAwsWorld } from "../../aws/world.ts";
import { spreadOf } from "../report.ts";
import { filesOf } from "../workload.ts";

/**
 * What our functions take of themselves: the real bundles in the real runtime interface client, everything else on loopback, where an answer takes next to no
 * time. A duration holds the loopback's own work, too (the sandbox's API server, the fake of AWS), so it is more than ours.
 */
export type Measured = {
  readonly machine: string;
  readonly load: number;
  readonly objects: number;
  /** Milliseconds of warm invocations. */
  readonly warm: { readonly [name: string]: Spread };
  /** Milliseconds from the start of the process until it asks for the first event. */
  readonly init: { readonly [name: string]: Spread };
};
export type Spread = { readonly min: number; readonly median: number; readonly max: number };

const OBJECTS = 20;
const REPOSITORY = "ada/bench";
const NAMES = ["webhook", "source", "apply", "sweep", "relay", "notify"] as const;

export async function measure(rounds: number): Promise<Measured> {
  const world = await createAwsWorld({ concurrency: 2 });
  const warm: Record<string, number[]> = {};
  try {
    await world.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "bench" } });
    await world.watchRepository(REPOSITORY);
    for (let round = 0; round < rounds + 2; round++) {
      const before = countsOf(world);
      const files = Object.fromEntries(filesOf({ namespace: "bench", objects: OBJECTS, version: round }));
      const { status } = await world.push(REPOSITORY, files);
      if (status !== 202) throw new Error(`the webhook answered ${status}`);
      await world.quiet();
      // Each of a minute of its own: a second tick of one minute is swallowed.
      await world.tick(new Date(Date.now() - 3_600_000 + round * 60_000));
      await world.quiet();
      // The first rounds start the sandboxes.
      if (round >= 2) for (const name of NAMES) collect(warm, name, world, before[name] ?? 0);
    }
    const init = Object.fromEntries(NAMES.map((name) => [name, spreadOf(world.fn(name).invocations.flatMap(({ initMs }) => initMs ?? []))]));
    return {
      machine: `${cpus().length} x ${cpus()[0]?.model ?? ""}, Node ${process.version}`,
      load: loadavg()[0] ?? 0,
      objects: OBJECTS,
      warm: Object.fromEntries(Object.entries(warm).map(([name, values]) => [name, spreadOf(values)])),
      init,
    };
  } finally {
    await world.stop();
  }
}

const countsOf = (world: AwsWorld): Readonly<Record<string, number>> => Object.fromEntries(NAMES.map((name) => [name, world.fn(name).invocations.length]));

/** The invocations of one round, by what they did: those of `source` are the push and then the object; of `sweep` the tick and then the cluster. */
function collect(into: Record<string, number[]>, name: (typeof NAMES)[number], world: AwsWorld, first: number): void {
  const two: Readonly<Record<string, readonly [string, string]>> = { source: ["source push", "source object"], sweep: ["tick", "sweep"] };
  for (const [index, { durationMs, initMs }] of world.fn(name).invocations.slice(first).entries()) {
    if (initMs !== undefined) continue;
    const called = two[name]?.[Math.min(index, 1)] ?? name;
    const values = into[called] ?? [];
    values.push(durationMs);
    into[called] = values;
  }
}
