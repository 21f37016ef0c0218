import { ok, problem, type Result } from "../../../domain/result.ts";
import { pointer, struct, text, textMap } from "../../kustomize/decode/shape.ts";
import { unmarshal } from "../../kustomize/decode/unmarshal.ts";
import { bytesOf } from "../go/bytes.ts";

const METADATA = struct("", { name: text, annotations: textMap });
const HEAD = struct("util.SimpleHead", { apiVersion: text, kind: text, metadata: pointer(METADATA) });

/** A text in which bytes stand that are no characters: YAML says which. */
export const yamlSource = (text: string): string | Uint8Array => (text.isWellFormed() ? text : bytesOf(text));

/** What Helm looks at in a document. */
export type Head = { readonly kind: string; readonly name: string; readonly annotations: ReadonlyMap<string, string> };

/** Of the first document of `source`. `file` is said in the problem. Source: Helm 4, pkg/release/v1/util/manifest_sorter.go. */
export function readHead(source: string, file: string): Result<Head> {
  const head = unmarshal(yamlSource(source), HEAD, "ignore");
  if (!head.ok) return problem(`YAML parse error on ${file}: ${head.problem.message}`);
  const { kind, metadata } = head.value;
  return ok({ kind, name: metadata?.name ?? "", annotations: new Map(metadata?.annotations ?? []) });
}
