import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { ArtifactStore, RenderStore } from "@sluice/engine/ports/artifact-store.ts";

const HOUR = 3_600_000;
const DIGEST = /^sha256:([0-9a-f]{64})$/;
const SERVED = /^\/artifacts\/([0-9a-f]{64})\.tar\.gz$/;

export type ArtifactFolderOptions = {
  /** Created when it is not there. */
  readonly folder: string;
  /** Where `serveArtifact` is reached: `http://127.0.0.1:9090`. */
  readonly url: () => string;
  /** Milliseconds since 1970; only the sweep asks. */
  readonly now: () => number;
};

export type ArtifactFolder = ArtifactStore & {
  /** Removes what is older than an hour and whose digest is not in `keep`; says how many went. */
  sweep(keep: ReadonlySet<string>): Promise<number>;
  /** Answers `GET /artifacts/<hex>.tar.gz`; false when the request is for something else. */
  serve(request: IncomingMessage, response: ServerResponse): boolean;
};

/** Artifacts as files named by their content. A file appears whole or not at all; one that does not match its name is removed. */
export function createArtifactFolder({ folder, url, now }: ArtifactFolderOptions): ArtifactFolder {
  const path = (hex: string): string => join(folder, `${hex}.tar.gz`);
  const get = async (digest: string): Promise<Uint8Array | undefined> => {
    const hex = DIGEST.exec(digest)?.[1];
    if (hex === undefined) return undefined;
    const bytes = await readIfThere(path(hex));
    if (bytes === undefined || sha256(bytes) === hex) return bytes;
    await rm(path(hex), { force: true });
    return undefined;
  };
  return {
    put: async (bytes) => {
      const hex = sha256(bytes);
      if ((await get(`sha256:${hex}`)) === undefined) await writeWhole(folder, path(hex), bytes);
      // Stored again is as young as new: a sweep must not take it before its status is written.
      else await utimes(path(hex), now() / 1000, now() / 1000);
      return { digest: `sha256:${hex}`, size: bytes.length, url: `${url()}/artifacts/${hex}.tar.gz` };
    },
    get,
    has: async (digest) => {
      const hex = DIGEST.exec(digest)?.[1];
      return hex !== undefined && (await isThere(path(hex)));
    },
    sweep: (keep) => sweep(folder, (name) => keep.has(`sha256:${name.replace(/\.tar\.gz$/, "")}`), now() - HOUR),
    serve: (request, response) => {
      const hex = SERVED.exec(request.url ?? "")?.[1];
      if (hex === undefined) return false;
      if (request.method !== "GET" && request.method !== "HEAD") {
        response.writeHead(405, { allow: "GET, HEAD" }).end();
        return true;
      }
      get(`sha256:${hex}`).then(
        (bytes) => answer(request, response, bytes),
        () => response.writeHead(500).end(),
      );
      return true;
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array | undefined): void {
  if (bytes === undefined) {
    response.writeHead(404, { "content-type": "text/plain" }).end("artifact not found\n");
    return;
  }
  // The index of a Helm repository is JSON; everything else is packed.
  const type = bytes[0] === 0x1f && bytes[1] === 0x8b ? "application/gzip" : "application/json";
  response.writeHead(200, { "content-type": type, "content-length": bytes.length });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

/** Renders as files named by the hash of what went into them. */
export function createRenderFolder({ folder, now }: Pick<ArtifactFolderOptions, "folder" | "now">): RenderStore & {
  /** Removes renders that nobody used for `unused` milliseconds. */
  sweep(unused: number): Promise<number>;
} {
  const path = (inputs: string): string => join(folder, `${sha256(Buffer.from(inputs))}.render`);
  return {
    remember: (inputs, bytes) => writeWhole(folder, path(inputs), Buffer.concat([createHash("sha256").update(bytes).digest(), bytes])),
    recall: async (inputs) => {
      const stored = await readIfThere(path(inputs));
      if (stored === undefined || stored.length < 32) return undefined;
      const bytes = stored.subarray(32);
      if (!createHash("sha256").update(bytes).digest().equals(stored.subarray(0, 32))) return undefined;
      await utimes(path(inputs), now() / 1000, now() / 1000).catch(ignoreMissing);
      return bytes;
    },
    sweep: (unused) => sweep(folder, () => false, now() - unused),
  };
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

function ignoreMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}

const readIfThere = (path: string): Promise<Buffer | undefined> => readFile(path).catch(ignoreMissing);

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(ignoreMissing)) !== undefined;

/** Writes beside the place and renames, so that no reader and no crash ever sees half a file. */
async function writeWhole(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const beside = `${path}.${randomUUID()}.part`;
  const file = await open(beside, "wx", 0o600);
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

async function sweep(folder: string, isKept: (name: string) => boolean, before: number): Promise<number> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
  let removed = 0;
  for (const name of names) {
    if (isKept(name)) continue;
    const found = await stat(join(folder, name)).catch(ignoreMissing);
    if (found === undefined || found.mtimeMs >= before) continue;
    await rm(join(folder, name), { force: true });
    removed++;
  }
  return removed;
}
