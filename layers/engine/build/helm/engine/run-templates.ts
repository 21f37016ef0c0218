import { posix } from "node:path/posix";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { goMap } from "../go/value.ts";
import type { RenderedFiles } from "../manifest/sort-manifests.ts";
import { VALUES } from "../objects/values.ts";
import type { GoFunctions } from "../template/functions.ts";
import { createTemplates, type ParsedTexts, type Templates } from "../template/templates.ts";
import type { ChartTemplate } from "./chart-templates.ts";
import { includingFunctions, withoutNoValue } from "./engine-functions.ts";
import { executionErrorWords, parseErrorWords } from "./error-words.ts";

/**
 * What the templates render to, by name. They are parsed in the order of Helm, deep paths first and each depth backwards, so that of two that define the same name
 * the one that comes first in the alphabet of the upper chart wins. The problem is in Helm's words. Source: Helm 4, Engine.render.
 */
export function runTemplates(templates: readonly ChartTemplate[], shared: GoFunctions, parsed?: ParsedTexts): Result<RenderedFiles> {
  const nested = new Map<string, number>();
  const functions = (inner: Templates): GoFunctions => new Map(includingFunctions(inner, nested));
  const set = createTemplates({ name: "gotpl", functions, shared, missingKey: "zero", ...(parsed !== undefined && { parsed }) });
  const byName = new Map(templates.map((template) => [template.name, template]));
  const sorted = [...byName.values()].sort(deepAndLastFirst);
  for (const { name, text } of sorted) {
    const parsed = set.parse(name, text);
    if (!parsed.ok) return problem(parseErrorWords(name, parsed.message));
  }
  const files = new Map<string, string>();
  for (const { name, data, basePath } of sorted) {
    if (posix.basename(name).startsWith("_")) continue;
    data.entries.set(
      "Template",
      goMap(
        [
          ["Name", name],
          ["BasePath", basePath],
        ],
        VALUES,
      ),
    );
    const output = set.execute(name, data);
    if (!output.ok) return problem(output.failure.kind === "exec" ? executionErrorWords(name, output.failure.message) : output.failure.message);
    files.set(name, withoutNoValue(output.text));
  }
  return ok(files);
}

const depthOf = (name: string): number => name.split("/").length;

function deepAndLastFirst({ name: a }: ChartTemplate, { name: b }: ChartTemplate): number {
  const depth = depthOf(b) - depthOf(a);
  return depth !== 0 ? depth : a < b ? 1 : a > b ? -1 : 0;
}
