import { entryOf, type InventoryEntry } from "../domain/inventory.ts";
import { type ObjectRef, subjectOf } from "../domain/manifest.ts";

/** What is, or would be, done to one object. */
export type Change = {
  readonly ref: ObjectRef;
  /** `recreate`: deleted and created, since the server refuses the change in place. `orphan`: left behind when its Kustomization goes. */
  readonly kind: "create" | "configure" | "unchanged" | "skip" | "recreate" | "delete" | "orphan" | "failed";
};

/** Flux's word for a change. It reports an object that was created anew as it reports any created one. Source: reference 2.6.4. */
export function changeWord(kind: Change["kind"]): "created" | "configured" | "unchanged" | "skipped" | "deleted" | "unknown" {
  switch (kind) {
    case "create":
    case "recreate":
      return "created";
    case "configure":
      return "configured";
    case "unchanged":
      return "unchanged";
    case "skip":
    case "orphan":
      return "skipped";
    case "delete":
      return "deleted";
    case "failed":
      return "unknown";
  }
}

/** `ConfigMap/apps/web configured` */
export const changeLine = ({ ref, kind }: Change): string => `${subjectOf(ref)} ${changeWord(kind)}`;

/** One line per change in the given order, no newline at the end: what a failure's message carries of the stages before it. */
export const changeLog = (changes: readonly Change[]): string => changes.map(changeLine).join("\n");

/** What goes into the event of an apply: only what was created, configured or deleted; empty when nothing was. Source: reference 2.6.4. */
export const applyEventText = (changes: readonly Change[]): string =>
  changeLog(changes.filter(({ kind }) => kind === "create" || kind === "recreate" || kind === "configure" || kind === "delete"));

/** What goes into the event of a prune: the whole change set, `skipped` included. Source: reference 2.6.5 and recordings (ssa-ignore). */
export const pruneEventText = (changes: readonly Change[]): string => changeLog(changes);

/** The inventory that a finished apply leaves: every object of the change set, skipped ones too, in apply order. Source: reference 2.3 step 19. */
export const inventoryOf = (changes: readonly Change[]): readonly InventoryEntry[] =>
  changes.filter(({ kind }) => kind !== "delete" && kind !== "orphan").map(({ ref }) => entryOf(ref));
