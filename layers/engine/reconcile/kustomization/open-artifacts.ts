import { filesOfTree, type TreeFiles } from "../../build/kustomize/files-of-tree.ts";
import type { ArtifactStore } from "../../ports/artifact-store.ts";
import { unpackWithFolders } from "../../source/unarchive.ts";

export type OpenArtifact =
  | { readonly kind: "open"; readonly files: TreeFiles }
  /** The store has lost it. */
  | { readonly kind: "vanished" }
  | { readonly kind: "broken"; readonly problem: string };

export type OpenArtifacts = {
  open(digest: string): Promise<OpenArtifact>;
};

/** Bytes of files that are kept. What is larger is opened each time. */
const KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Opens artifacts, and keeps the last one: a push sends all Kustomizations of its repository at once, and each would fetch and unpack the same bytes.
 * Those that ask while it is being opened wait for the same.
 */
export function createOpenArtifacts(artifacts: ArtifactStore): OpenArtifacts {
  let last: { readonly digest: string; readonly opened: Promise<OpenArtifact> } | undefined;

  async function open(digest: string): Promise<OpenArtifact> {
    const bytes = await artifacts.get(digest);
    if (bytes === undefined) return { kind: "vanished" };
    const unpacked = unpackWithFolders(bytes);
    if (!unpacked.ok) return { kind: "broken", problem: unpacked.problem };
    return { kind: "open", files: filesOfTree(unpacked.value.tree, unpacked.value.folders) };
  }

  return {
    open: async (digest) => {
      if (last?.digest === digest) return last.opened;
      const opened = open(digest);
      const mine = { digest, opened };
      last = mine;
      const forget = (): void => {
        if (last === mine) last = undefined;
      };
      const artifact = await opened.catch((error: unknown) => {
        forget();
        throw error;
      });
      if (artifact.kind !== "open" || sizeOf(artifact.files) > KEPT_BYTES) forget();
      return artifact;
    },
  };
}

function sizeOf({ tree }: TreeFiles): number {
  let size = 0;
  for (const { bytes } of tree.values()) size += bytes.length;
  return size;
}
