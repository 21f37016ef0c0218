import { splitPath } from "../fields/split-path.ts";

/**
 * The parts of a path such as `spec.containers.[name=web].image`. Points in brackets count for nothing; brackets without `=` around points are taken away:
 * `metadata.annotations.[example.com/name]`. Source: kyaml utils, SmarterPathSplitter.
 */
export function splitSmartPath(path: string): readonly string[] {
  const result: string[] = [];
  let open: string[] = [];
  const close = (): void => {
    const text = open.join(".");
    result.push(text.includes("=") ? text : text.replace(/^[[\]]+/, "").replace(/[[\]]+$/, ""));
    open = [];
  };
  for (const part of splitPath(path, ".")) {
    if (open.length === 0 && (!part.startsWith("[") || part.endsWith("]"))) {
      result.push(part);
      continue;
    }
    open.push(part);
    if (open.length > 1 && part.endsWith("]")) close();
  }
  if (open.length > 0) close();
  return result;
}
