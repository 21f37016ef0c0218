import type { Result } from "../../../domain/result.ts";
import { readFirstYaml } from "../../yaml/read.ts";
import type { Node } from "../node/node.ts";

/** The first document of a text as go-yaml v2 reads it for JSON, null when there is none. What follows it is not looked at. */
export const readDocument = (source: string | Uint8Array, duplicates: "refuse" | "last wins"): Result<Node> => readFirstYaml(source, duplicates);
