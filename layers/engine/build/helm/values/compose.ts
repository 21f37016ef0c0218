import type { JsonObject } from "../../../domain/json.ts";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { mergeValues } from "./merge-values.ts";
import { readValues } from "./read-values.ts";
import { setAtPath } from "./set-at-path.ts";
import { type Values, valuesOf } from "./values.ts";

/** What one reference of `valuesFrom` holds. */
export type ValuesPart = { readonly data: string | Uint8Array; readonly targetPath: string; readonly isLiteral: boolean };

/**
 * The values of a release: its parts in their order, and `inline` over them. Where a part has a target path, `inline` is laid over what comes before it, too;
 * and since maps are shared, what it sets in a map that only `inline` has stands against `inline`, and what it sets beside or in a map that both have does not.
 * So it is in Flux. A problem says which part has it. Source: fluxcd/pkg chartutil, ChartValuesFromReferences.
 */
export function composeParts(parts: readonly ValuesPart[], inline: JsonObject): Result<Values, { readonly part: number; readonly message: string }> {
  const last = valuesOf(inline);
  let values: Values = new Map();
  for (const [index, part] of parts.entries()) {
    if (part.targetPath !== "") {
      values = mergeValues(values, last);
      const text = typeof part.data === "string" ? part.data : new TextDecoder("utf-8", { ignoreBOM: true }).decode(part.data);
      const wrong = setAtPath(values, part.targetPath, text, part.isLiteral);
      if (wrong !== undefined) return problem({ part: index, message: wrong });
      continue;
    }
    const read = readValues(part.data);
    if (!read.ok) return problem({ part: index, message: read.problem });
    values = mergeValues(values, read.value);
  }
  return ok(mergeValues(values, last));
}
