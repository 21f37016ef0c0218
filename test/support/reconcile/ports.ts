import { createHash } from "node:crypto";
import type { ObjectRef } from "@sluice/engine/domain/manifest.ts";
import type { ArtifactStore, RenderStore } from "@sluice/engine/ports/artifact-store.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { EventSink, FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { Calls } from "./calls.ts";

const named = ({ kind, name }: Pick<ObjectRef, "kind" | "name">): string => `${kind}/${name}`;

/** A cluster whose every call is one of `calls`; `prefix` tells whose rights it goes by. */
export function calledCluster(cluster: Cluster, calls: Calls, prefix = ""): Cluster {
  const call = <Answer>(line: string, effect: () => Promise<Answer>): Promise<Answer> => calls.run(prefix + line, effect);
  return {
    get: (ref) => call(`get ${named(ref)}`, () => cluster.get(ref)),
    list: (query) => call(`list ${query.kind}`, () => cluster.list(query)),
    apply: (manifest, options) =>
      call(`${options.dryRun ? "dry-run" : "apply"} ${manifest.kind}/${manifest.metadata.name}`, () => cluster.apply(manifest, options)),
    create: (manifest, options) => call(`create ${manifest.kind}/${manifest.metadata.name}`, () => cluster.create(manifest, options)),
    replace: (manifest, options) => call(`replace ${manifest.kind}/${manifest.metadata.name}`, () => cluster.replace(manifest, options)),
    patch: (ref, patch) => call(`patch ${patch.subresource === undefined ? "" : `${patch.subresource} `}${named(ref)}`, () => cluster.patch(ref, patch)),
    delete: (ref, options) => call(`delete ${named(ref)}`, () => cluster.delete(ref, options)),
  };
}

/** Lines of calls that change something in the cluster. */
export const isWrite = (line: string): boolean => /(^|: )(apply|create|replace|patch|delete) /.test(line);

export type Memory = {
  readonly artifacts: Map<string, Uint8Array>;
  readonly renders: Map<string, Uint8Array>;
};

export const createMemory = (): Memory => ({ artifacts: new Map(), renders: new Map() });

export const calledArtifacts = ({ artifacts }: Memory, calls: Calls): ArtifactStore => ({
  put: (bytes) =>
    calls.run("store artifact", async () => {
      const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
      artifacts.set(digest, bytes);
      return { digest, size: bytes.length, url: `http://127.0.0.1/${digest.slice(7)}.tar.gz` };
    }),
  get: (digest) => calls.run("read artifact", async () => artifacts.get(digest)),
  has: (digest) => calls.run("find artifact", async () => artifacts.has(digest)),
});

export const calledRenders = ({ renders }: Memory, calls: Calls): RenderStore => ({
  remember: (inputs, bytes) => calls.run("remember render", async () => void renders.set(inputs, bytes)),
  recall: (inputs) => calls.run("recall render", async () => renders.get(inputs)),
});

export const calledEvents = (events: FluxEvent[], calls: Calls): EventSink => ({
  emit: (event) => calls.run("emit event", async () => void events.push(event)),
});
