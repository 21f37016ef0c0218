import { createHash } from "node:crypto";
import type { JsonObject } from "../../../domain/json.ts";
import { byBytes } from "../../text/by-bytes.ts";
import { AS_GO_WRITES, writeYaml } from "../../yaml/write.ts";
import { nodeOfValues, type Values, valuesOf } from "./values.ts";

/** `sha256:…` of the values of a release; of none that of nothing. Source: reference 3.2; fluxcd/pkg chartutil, DigestValues. */
export function digestOfValues(values: Values): string {
  const hash = createHash("sha256");
  if (values.size > 0) hash.update(writeYaml(nodeOfValues(values), { ...AS_GO_WRITES, order: byBytes }));
  return `sha256:${hash.digest("hex")}`;
}

export const configDigest = (values: JsonObject): string => digestOfValues(valuesOf(values));
