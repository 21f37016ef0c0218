import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { apiVersionOf } from "@sluice/engine/domain/manifest.ts";
import { ok, problem } from "@sluice/engine/domain/result.ts";
import type { ListOptions } from "../http/options.ts";
import type { Stream } from "../http/request.ts";
import { expired, statusBody } from "../http/status.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import type { Revised } from "../storage/memory.ts";
import type { Answer, Cluster, Target } from "./context.ts";
import { isDefinition } from "./definitions.ts";
import { invalidRevision, parseSelectors } from "./list.ts";
import type { Views } from "./views.ts";

/** An object or a table row as the client asked for it, in JSON. */
export type Encode = (kind: ResourceKind, object: Manifest) => string;

type EventType = "ADDED" | "MODIFIED" | "DELETED";

const BOOKMARK_EVERY = 60_000;
const LONGEST = 30 * 60;

/** The changes of a resource from a resourceVersion on, one JSON line each. Source: apiserver cacher, KEP-3157 for sendInitialEvents. */
export function watchStream(deps: Cluster & { readonly views: Views }, target: Target, options: ListOptions, encode: Encode): Answer<Stream> {
  const { memory, registry, views } = deps;
  const { resourceVersion } = options;
  if (resourceVersion !== "" && !/^\d+$/.test(resourceVersion)) return problem(invalidRevision(resourceVersion));
  const selected = parseSelectors(target.kind, options);
  if (!selected.ok) return selected;
  const { group, version, plural } = target.kind;
  const isHere = ({ metadata }: Manifest): boolean =>
    (target.namespace === "" || metadata.namespace === target.namespace) && (target.name === "" || metadata.name === target.name);
  /** The kind as it is served now: a CRD may have changed since the watch began. */
  const kindNow = (): ResourceKind => registry.find(group, version, plural) ?? target.kind;
  const matches = (object: Manifest): boolean => selected.value(views.in(kindNow(), object));

  /** What a change means to somebody who sees only what the selectors let through. */
  const eventOf = (change: Revised): { readonly type: EventType; readonly object: Manifest } | undefined => {
    if (change.resource.group !== target.resource.group || change.resource.plural !== target.resource.plural || !isHere(change.object)) return undefined;
    const before = change.before !== undefined && matches(change.before);
    const after = change.type !== "deleted" && matches(change.object);
    if (!before && !after) return undefined;
    return { type: after ? (before ? "MODIFIED" : "ADDED") : "DELETED", object: lastSeen(change, after) };
  };

  return ok((send, end) => {
    const line = (type: EventType, object: Manifest): void => {
      const kind = kindNow();
      send(`{"type":"${type}","object":${encode(kind, views.in(kind, object))}}\n`);
    };
    const bookmark = (initial: boolean): void => {
      const metadata = { resourceVersion: String(memory.revision()), ...(initial && { annotations: { "k8s.io/initial-events-end": "true" } }) };
      const object = { kind: target.kind.kind, apiVersion: apiVersionOf(group, version), metadata } satisfies Json;
      send(`{"type":"BOOKMARK","object":${encode(target.kind, object)}}\n`);
    };
    const fresh = options.sendInitialEvents || resourceVersion === "" || resourceVersion === "0";
    if (fresh) {
      for (const object of memory.list(target.resource, target.namespace)) if (isHere(object) && matches(object)) line("ADDED", object);
      if (options.sendInitialEvents && options.allowWatchBookmarks) bookmark(true);
    } else {
      const missed = memory.changesAfter(Number(resourceVersion), target.resource);
      if (missed === undefined) {
        send(`${JSON.stringify({ type: "ERROR", object: statusBody(expired(`too old resource version: ${resourceVersion} (${memory.revision()})`)) })}\n`);
        end();
        return () => undefined;
      }
      for (const change of missed) {
        const event = eventOf(change);
        if (event !== undefined) line(event.type, event.object);
      }
    }

    const stop = memory.listen((change) => {
      if (target.kind.custom && isDefinition(change.resource) && registry.find(group, version, plural) === undefined) return finish();
      const event = eventOf(change);
      if (event !== undefined) line(event.type, event.object);
    });
    const beat = options.allowWatchBookmarks ? setInterval(() => bookmark(false), BOOKMARK_EVERY).unref() : undefined;
    const seconds = Math.min(options.timeoutSeconds ?? LONGEST, 2_000_000);
    const timeout = setTimeout(() => finish(), seconds * 1000).unref();
    const release = (): void => {
      stop();
      clearInterval(beat);
      clearTimeout(timeout);
    };
    const finish = (): void => {
      release();
      end();
    };
    return release;
  });
}

/** An object that a selector lets through no more is shown as it was last seen, with the version of the change. */
function lastSeen(change: Revised, after: boolean): Manifest {
  if (after || change.type === "deleted" || change.before === undefined) return change.object;
  return { ...change.before, metadata: { ...change.before.metadata, resourceVersion: String(change.revision) } };
}
