import { isMap, type NodeMap } from "../../node/node.ts";
import { keepShared } from "../fields/shared-text.ts";
import { annotate, internalAnnotations, readInternalAnnotations } from "../resource/internal-annotations.ts";
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

/**
 * `seesInternals`: replacements read or replace all annotations of an object, and those in which kustomize keeps what it knows of it are among them:
 * who gets the annotations of another object gets its earlier names, too.
 */
export function createWorkpiece(resource: Resource, seesInternals: boolean): Workpiece {
  const start = seesInternals ? annotate(resource.node, internalAnnotations(resource)) : resource.node;
  const settled = (node: NodeMap): Resource => (seesInternals ? readInternalAnnotations(node, resource) : { ...resource, node });
  const draft = draftOf(start);
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
      return settled(Object.fromEntries(fields));
    },
    finish() {
      const finished = finishDraft(draft);
      const node: NodeMap = isMap(finished) ? finished : start;
      return node === start ? resource : settled(keepShared(start, node));
    },
  };
}
