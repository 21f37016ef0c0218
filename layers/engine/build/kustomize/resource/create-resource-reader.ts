import { createHash } from "node:crypto";
import { ok } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import { type ReadResources, readResources } from "./read-resources.ts";
import type { Resource } from "./resource.ts";

/** Shorter texts are parsed faster than they are found again. */
const SHORTEST = 256;

/**
 * Reads objects, and remembers those of the last texts up to `keptBytes` characters: the same base is read by many kustomizations, and a push changes few files.
 * What is remembered is never changed, since nothing changes a resource in place.
 */
export function createResourceReader(keptBytes: number): ReadResources {
  const kept = new Map<string, { readonly resources: readonly Resource[]; readonly size: number }>();
  let size = 0;
  return (text, file, repeatedKeys) => {
    if (text.length < SHORTEST || text.length > keptBytes || repeatedKeys !== undefined) return readResources(text, file, repeatedKeys);
    // What is kept costs as much as what is read, so that no build ends otherwise for another one before it.
    const key = createHash("sha256").update(text).digest("base64");
    const known = kept.get(key);
    if (known !== undefined) {
      spend(text.length);
      kept.delete(key);
      kept.set(key, known);
      return ok(known.resources.map((resource) => inFile(resource, file)));
    }
    const read = readResources(text, file);
    if (!read.ok) return read;
    kept.set(key, { resources: read.value, size: text.length });
    size += text.length;
    for (const [oldest, { size: freed }] of kept) {
      if (size <= keptBytes) break;
      kept.delete(oldest);
      size -= freed;
    }
    return read;
  };
}

const inFile = (resource: Resource, file: string | undefined): Resource =>
  resource.from?.file === file ? resource : { ...resource, from: file === undefined || resource.from === undefined ? undefined : { ...resource.from, file } };
