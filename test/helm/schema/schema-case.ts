import type { JsonObject } from "../../../layers/engine/domain/json.ts";

export type SchemaCase = { readonly schema: string; readonly values: JsonObject };

/** Helm asks of charts below another one, which have globals. */
export const withGlobal = (values: JsonObject): JsonObject => ({ ...values, global: {} });

/** What is said of several things at once is in no order in Go: lines that stand side by side are sorted, and names in a line, too. */
export function inOrder(message: string): string {
  const lines = message.split("\n");
  const sortFrom = (start: number, end: number, depth: number): string[] => {
    const blocks: { head: string; rest: string[] }[] = [];
    for (let at = start; at < end; at++) {
      const line = lines[at] ?? "";
      if (line.startsWith(`${"  ".repeat(depth)}- `)) blocks.push({ head: line, rest: [] });
      else blocks.at(-1)?.rest.push(line);
    }
    return blocks.map(({ head, rest }) => [sortNames(head), inOrder(rest.join("\n"))].filter((part) => part !== "").join("\n")).sort();
  };
  const first = lines.findIndex((line) => /^ *- /.test(line));
  if (first < 0) return message;
  const depth = ((lines[first] ?? "").indexOf("-") / 2) | 0;
  return [...lines.slice(0, first), ...sortFrom(first, lines.length, depth)].join("\n");
}

const sortNames = (line: string): string =>
  line.replace(
    /(additional properties )(.*)( not allowed)$/,
    (_, start: string, names: string, end: string) => `${start}${names.split(", ").sort().join(", ")}${end}`,
  );
