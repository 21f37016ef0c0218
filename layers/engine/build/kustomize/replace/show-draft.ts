import { type NodeKind, showNode } from "../fields/wrong-kind.ts";
import { type Draft, finishDraft, kindOfDraft } from "./draft.ts";

/** YAML as kyaml writes it. */
export const showDraft = (draft: Draft): string => showNode(finishDraft(draft));

/** Source: kyaml yaml/fns.go, InvalidNodeKindError. */
export const wrongDraft = (expected: NodeKind, draft: Draft): string =>
  `wrong node kind: expected ${expected} but got ${kindOfDraft(draft)}: node contents:\n${showDraft(draft)}`;
