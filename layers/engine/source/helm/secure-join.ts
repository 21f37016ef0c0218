/** A path below a root, whatever is written: `..` ends at the root, as in a chroot. `""` is the root itself. Source: filepath-securejoin; the artifact has no links. */
export function secureJoin(...paths: readonly string[]): string {
  const parts: string[] = [];
  for (const part of paths.join("/").split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
