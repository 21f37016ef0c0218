/** Paths with `/`, which is what both families of functions know on Linux. Source: Go path and path/filepath. */

/** The shortest text that means the same path. */
export function cleanPath(path: string): string {
  if (path === "") return ".";
  const rooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!rooted) kept.push("..");
  }
  return (rooted ? "/" : "") + kept.join("/") || ".";
}

export function baseOf(path: string): string {
  if (path === "") return ".";
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return end === 0 ? "/" : path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

export const directoryOf = (path: string): string => cleanPath(path.slice(0, path.lastIndexOf("/") + 1));

/** From the last point of the last part on. */
export function extensionOf(path: string): string {
  const point = path.lastIndexOf(".");
  return point > path.lastIndexOf("/") ? path.slice(point) : "";
}

export const isAbsolute = (path: string): boolean => path.startsWith("/");
