import { ok, problem, type Result } from "../../../domain/result.ts";
import { readYaml } from "../../yaml/read.ts";
import type { Node } from "../node/node.ts";

/** The first document of a text as go-yaml v2 reads it for JSON, null when there is none. */
export function readDocument(text: string, duplicates: "refuse" | "last wins"): Result<Node> {
  const read = readYaml(text, duplicates);
  return read.ok ? ok(read.value[0] ?? null) : problem(read.problem);
}
