import type { KindRegistry } from "../kinds/registry.ts";
import type { Subresource, Target, Writing } from "../resources/context.ts";
import type { Remove } from "../resources/remove.ts";
import type { Writes } from "../resources/write.ts";
import type { Memory } from "./memory.ts";
import type { Resource, Store, Writer } from "./store.ts";

/** The store that everything inside the sandbox works with: the same writes as over HTTP, without users and validation. */
export function createStore(deps: { readonly memory: Memory; readonly registry: KindRegistry; readonly writes: Writes; readonly remove: Remove }): Store {
  const { memory, registry, writes, remove } = deps;

  const targetOf = (resource: Resource, namespace: string, name: string, subresource: Subresource): Target | undefined => {
    const kind = registry.stored(resource);
    return kind === undefined ? undefined : { kind, resource, namespace, name, subresource };
  };

  return {
    resourceVersion: () => String(memory.revision()),
    kind: (resource) => registry.stored(resource),
    kinds: () => registry.kinds(),
    get: (resource, namespace, name) => memory.get(resource, namespace, name),
    getByUid: (uid) => memory.getByUid(uid),
    list: (resource, namespace) => memory.list(resource, namespace),
    create: (resource, object, writer) => {
      const target = targetOf(resource, object.metadata.namespace ?? "", object.metadata.name ?? "", "");
      const created = target === undefined ? undefined : writes.create(target, object, writingAs(writer));
      return created?.ok === true ? created.value : undefined;
    },
    update: (resource, object, writer) => {
      const target = targetOf(resource, object.metadata.namespace ?? "", object.metadata.name ?? "", writer.subresource ?? "");
      const updated = target === undefined ? undefined : writes.update(target, object, writingAs(writer));
      return updated?.ok === true ? updated.value : undefined;
    },
    delete: (resource, namespace, name, options = {}) => {
      const target = targetOf(resource, namespace, name, "");
      const { uid, ...rest } = options;
      const removed = target === undefined ? undefined : remove(target, { ...rest, dryRun: false, ...(uid !== undefined && { preconditions: { uid } }) });
      return removed?.ok === true ? removed.value.object : undefined;
    },
    watch: (listener) => {
      let active = true;
      const stop = memory.listen((change) => queueMicrotask(() => active && listener(change)));
      return () => {
        active = false;
        stop();
      };
    },
  };
}

const writingAs = ({ manager }: Writer): Writing => ({ manager, dryRun: false, fieldValidation: "Ignore", trusted: true, warn: () => undefined });
