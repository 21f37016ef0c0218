import type { BackReferences, FieldSpec } from "../config/config.ts";
import { type Gvk, isSelectedBy } from "../resource/id.ts";
import { gvkOf, type Resource } from "../resource/resource.ts";

/** A field that may hold the name of an object of the kind `target`. */
export type Reference = { readonly fieldSpec: FieldSpec; readonly target: Gvk };

type Entry = Reference & { readonly of: Gvk; readonly order: number };

/** Which fields of a resource may hold names, in the order of the configuration. The kind that it had at first counts. Each kind is looked up once. */
export function createReferenceIndex(backReferences: readonly BackReferences[]): (resource: Resource) => readonly Reference[] {
  const byKind = indexed(backReferences);
  const known = new Map<string, readonly Reference[]>();
  return (resource) => {
    const today = gvkOf(resource);
    const gvk = { ...today, kind: resource.previous[0]?.kind ?? today.kind };
    const key = [gvk.group, gvk.version, gvk.kind].join("\0");
    const found = known.get(key) ?? select([...(byKind.get("") ?? []), ...(gvk.kind === "" ? [] : (byKind.get(gvk.kind) ?? []))], gvk);
    known.set(key, found);
    return found;
  };
}

function indexed(backReferences: readonly BackReferences[]): ReadonlyMap<string, readonly Entry[]> {
  const byKind = new Map<string, Entry[]>();
  let order = 0;
  for (const { group, version, kind, fieldSpecs } of backReferences) {
    for (const fieldSpec of fieldSpecs) {
      // What kind the referrer is has been asked when the spec is used; it is the one of today then.
      const entry = { fieldSpec: { ...fieldSpec, group: "", version: "", kind: "" }, target: { group, version, kind }, of: fieldSpec, order: order++ };
      const others = byKind.get(fieldSpec.kind);
      if (others === undefined) byKind.set(fieldSpec.kind, [entry]);
      else others.push(entry);
    }
  }
  return byKind;
}

const select = (entries: readonly Entry[], gvk: Gvk): readonly Reference[] =>
  entries.filter(({ of }) => isSelectedBy(gvk, of)).toSorted((a, b) => a.order - b.order);
