import { type NodeKind, showNode } from "../fields/wrong-kind.ts";
import { type Draft, finishDraft, kindOfDraft, textOfDraft } from "./draft.ts";

/** YAML as kyaml writes it. */
export function showDraft(draft: Draft): string {
  const finished = finishDraft(draft);
  return finished.ok ? showNode(finished.value) : `${textOfDraft(draft)}\n`;
}

/** Source: kyaml yaml/fns.go, InvalidNodeKindError. */
export const wrongDraft = (expected: NodeKind, draft: Draft): string =>
  `wrong node kind: expected ${expected} but got ${kindOfDraft(draft)}: node contents:\n${showDraft(draft)}`;
