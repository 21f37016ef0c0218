import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Store } from "../../lib/local/sandbox/storage/store.ts";

/** The reading half of a store over a fixed list of objects: `clusterroles` finds kind ClusterRole. */
export function createFixedStore(objects: readonly Manifest[]): Pick<Store, "get" | "list"> {
  const isOf = (plural: string, object: Manifest): boolean => `${object.kind.toLowerCase()}s` === plural;
  return {
    get: ({ plural }, namespace, name) =>
      objects.find((object) => isOf(plural, object) && (object.metadata.namespace ?? "") === namespace && object.metadata.name === name),
    list: ({ plural }, namespace) =>
      objects.filter((object) => isOf(plural, object) && (namespace === undefined || namespace === "" || object.metadata.namespace === namespace)),
  };
}
