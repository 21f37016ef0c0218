import { isMap, type Node, type NodeMap } from "../../node/node.ts";
import type { BackReferences, FieldSpec } from "../config/config.ts";
import { splitPath } from "../fields/split-path.ts";
import { type Gvk, isSelectedBy } from "../resource/id.ts";
import { gvkOf, type Resource } from "../resource/resource.ts";

/** A field that may hold the name of an object of the kind `target`. */
export type Reference = {
  readonly fieldSpec: FieldSpec;
  readonly target: Gvk;
  /** False when a map on the way has no such field: most kinds have many fields for names, and objects few of them. */
  mayBeIn(node: NodeMap): boolean;
};

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
      const entry = {
        fieldSpec: { ...fieldSpec, group: "", version: "", kind: "" },
        target: { group, version, kind },
        mayBeIn: createProbe(fieldSpec.path),
        of: fieldSpec,
        order: order++,
      };
      const others = byKind.get(fieldSpec.kind);
      if (others === undefined) byKind.set(fieldSpec.kind, [entry]);
      else others.push(entry);
    }
  }
  return byKind;
}

const select = (entries: readonly Entry[], gvk: Gvk): readonly Reference[] =>
  entries.filter(({ of }) => isSelectedBy(gvk, of)).toSorted((a, b) => a.order - b.order);

const NAME = /^[A-Za-z][A-Za-z0-9]*(?:\[\])?$/;

function createProbe(path: string): (node: NodeMap) => boolean {
  const parts = splitPath(path);
  const end = parts.findIndex((part) => !NAME.test(part));
  const names = (end < 0 ? parts : parts.slice(0, end)).map((part) => part.replace("[]", ""));
  return (node) => {
    let found: Node | undefined = node;
    for (const name of names) {
      if (!isMap(found)) return true;
      if (!Object.hasOwn(found, name)) return false;
      found = found[name];
    }
    return true;
  };
}
