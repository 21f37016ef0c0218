import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { parse, stringify } from "yaml";
import { type Run, splitReference } from "../story/run.ts";
import { cleanFluxObject, cleanObject, inOrder } from "./clean.ts";
import { isRelease, readRelease } from "./release.ts";
import { withoutVarying } from "./varying.ts";

/** What controllers of Kubernetes make by themselves. */
const NOT_OURS = new Set(["Event", "EndpointSlice", "Endpoints", "ReplicaSet", "Pod", "ControllerRevision", "Lease", "PodMetrics"]);
const IN_EVERY_NAMESPACE = new Set(["ConfigMap/kube-root-ca.crt", "ServiceAccount/default"]);
const FLUX = /(?:^|\.)toolkit\.fluxcd\.io$/;

/** Everything that is in the scenario's namespace now, and every event, with what varies taken out. */
export async function takeSnapshot(run: Run): Promise<Json> {
  const [objects, watched, events] = await Promise.all([readObjects(run), readWatched(run), readEvents(run)]);
  const said = {
    flux: Object.fromEntries(objects.filter(({ isFlux }) => isFlux).map(({ id, value }) => [id, value])),
    objects: Object.fromEntries([...objects.filter(({ isFlux }) => !isFlux).map(({ id, value }) => [id, value] as const), ...watched]),
    events,
    ...(run.refusals.length > 0 && { refused: [...run.refusals] }),
  };
  const known = { namespace: run.namespace, gitUrl: run.forge.url, commits: run.commits, source: run.source };
  const clean: { events: readonly Json[] } & JsonObject = parse(withoutVarying(stringify(inOrder(said), { lineWidth: 0 }), known));
  return { ...clean, events: once(clean.events) };
}

/** Repeats fold into one; their order is by text. */
function once(events: readonly Json[]): readonly Json[] {
  const unique = new Map(events.map((event) => [JSON.stringify(event), event]));
  return [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => event);
}

type Shown = { readonly id: string; readonly isFlux: boolean; readonly value: Json };

async function readObjects({ client, namespace }: Run): Promise<readonly Shown[]> {
  const { preferred } = await client.kinds();
  const kinds = preferred.filter(({ namespaced, kind }) => namespaced && !NOT_OURS.has(kind));
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const isFlux = FLUX.test(kind.group);
      const items = await client.list(kind, namespace);
      return items.flatMap((item): readonly Shown[] => {
        const id = `${kind.kind}/${nameOf(item)}`;
        return IN_EVERY_NAMESPACE.has(id) ? [] : [{ id, isFlux, value: shown({ ...item, kind: kind.kind }, isFlux) }];
      });
    }),
  );
  return lists.flat();
}

function shown(object: JsonObject, isFlux: boolean): Json {
  if (isFlux) return cleanFluxObject(object);
  return isRelease(object) ? readRelease(object) : cleanObject(object);
}

async function readWatched(run: Run): Promise<readonly (readonly [string, Json])[]> {
  return Promise.all(
    run.watched.map(async (reference) => {
      const [kindName, name] = splitReference(reference, run);
      const kind = await run.client.kind(kindName);
      const object = await run.client.get(kind, run.namespace, name);
      return [`${kind.kind}/${name}`, object === undefined ? "absent" : cleanObject({ ...object, kind: kind.kind })] as const;
    }),
  );
}

async function readEvents({ client, namespace }: Run): Promise<readonly Json[]> {
  const events = await client.list(await client.kind("v1/Event"), namespace);
  return events.flatMap((event) => {
    const { involvedObject, type = null, reason = null, message, reportingComponent, source, metadata } = event;
    if (!isObject(involvedObject) || !FLUX.test(String(involvedObject.apiVersion).split("/")[0] ?? "")) return [];
    const said = String(message)
      .trim()
      .replace(/\n\nLast Helm logs:[\s\S]*$/, "\n\nLast Helm logs: …");
    if (isChance(`${involvedObject.kind} ${reason} ${said}`)) return [];
    const annotations = isObject(metadata) ? metadata.annotations : undefined;
    return [
      {
        object: `${involvedObject.kind}/${involvedObject.name}`,
        type,
        reason,
        message: said,
        from: reportingComponent || (isObject(source) ? (source.component ?? null) : null),
        ...(annotations !== undefined && { annotations }),
      },
    ];
  });
}

/** Whether Flux looks at a HelmChart once or twice is chance, and so are these events of it. */
const isChance = (event: string): boolean => /^HelmChart (Artifact(UpToDate|VerificationFailed) |GarbageCollectionSucceeded garbage collected \d)/.test(event);

const nameOf = ({ metadata }: JsonObject): string => (isObject(metadata) ? String(metadata.name) : "");
