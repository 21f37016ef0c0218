import { nameOf } from "../resource/resource.ts";
import { splitSmartPath } from "./split-smart-path.ts";
import type { Workpiece } from "./workpiece.ts";

/** All resources of one run, found by name: most selectors name what they mean. */
export type Workbench = {
  readonly pieces: readonly Workpiece[];
  /** Those that have or had that name, in their order. */
  named(name: string): readonly Workpiece[];
  /** To be called when something has been put at `path`: names may have changed. */
  changed(path: string): void;
};

const NOBODY: readonly Workpiece[] = [];

export function createWorkbench(pieces: readonly Workpiece[]): Workbench {
  let known: ReadonlyMap<string, readonly Workpiece[]> | undefined;
  return {
    pieces,
    named(name) {
      known ??= byName(pieces);
      return known.get(name) ?? NOBODY;
    },
    changed(path) {
      const [first, second = "name"] = splitSmartPath(path);
      if (first === "metadata" && (second === "name" || second === "annotations")) known = undefined;
    },
  };
}

function byName(pieces: readonly Workpiece[]): ReadonlyMap<string, readonly Workpiece[]> {
  const found = new Map<string, Workpiece[]>();
  for (const piece of pieces) {
    const head = piece.head();
    for (const name of new Set([nameOf(head), ...head.previous.map((previous) => previous.name)])) {
      const others = found.get(name);
      if (others === undefined) found.set(name, [piece]);
      else others.push(piece);
    }
  }
  return found;
}
