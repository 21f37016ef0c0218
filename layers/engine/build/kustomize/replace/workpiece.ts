import { keepShared } from "../fields/shared-text.ts";
import { isMap, type NodeMap } from "../node/node.ts";
import type { Resource } from "../resource/resource.ts";
import { type Draft, draftOf, entriesOf, finishDraft } from "./draft.ts";

/** A resource that replacements read and change. */
export type Workpiece = {
  readonly draft: Draft;
  /** The resource with what is known of it by now, as far as selectors look: kind, version and metadata. */
  head(): Resource;
  finish(): Resource;
};

const HEAD = ["apiVersion", "kind", "metadata"];

export function createWorkpiece(resource: Resource): Workpiece {
  const draft = draftOf(resource.node);
  return {
    draft,
    head() {
      if (draft.content.kind === "closed") return resource;
      const entries = entriesOf(draft) ?? new Map<string, Draft>();
      const fields = HEAD.flatMap((name) => {
        const field = entries.get(name);
        if (field === undefined) return [];
        return [[name, finishDraft(field)] as const];
      });
      return { ...resource, node: Object.fromEntries(fields) };
    },
    finish() {
      const finished = finishDraft(draft);
      const node: NodeMap = isMap(finished) ? finished : resource.node;
      return node === resource.node ? resource : { ...resource, node: keepShared(resource.node, node) };
    },
  };
}
