import type { Tree } from "@sluice/engine/domain/tree.ts";
import type { BranchState, GitBranch } from "@sluice/platform/git/branch.ts";
import type { Cli } from "../cli.ts";
import { Failure } from "../failure.ts";
import { type BuiltFolder, buildBootstrapFolder } from "./build-folder.ts";
import { controllersIn } from "./controllers.ts";
import { bootstrapFiles, COMPONENTS, folderOf } from "./files.ts";
import type { BootstrapOptions } from "./options.ts";

/** `head`: the commit that has all files. */
export type Committed = { readonly head: string; readonly built: BuiltFolder };

/** Somebody else pushes at the same time: that often the branch is read anew. */
const TRIES = 3;

/**
 * The files of the installation are on the branch when this ends: by one commit, or by none where they are there already. What the folder makes is built
 * before anything is pushed, so that nothing is that could not be applied.
 */
export async function commitFiles(cli: Cli, branch: GitBranch, options: BootstrapOptions): Promise<Committed> {
  const { url } = options.repository;
  cli.say.action(`cloning branch ${JSON.stringify(options.branch)} from Git repository ${JSON.stringify(url)}`);
  let state = await readBranch(branch, options);
  cli.say.success("cloned repository");
  for (let attempt = 1; ; attempt++) {
    const committed = await commitOnce(cli, branch, options, state);
    if (committed !== undefined) return committed;
    if (attempt === TRIES) throw new Failure("failed to push manifests: the branch moves faster than it can be pushed to");
    cli.say.waiting("git conflict detected, retrying with a fresh clone");
    state = await readBranch(branch, options);
  }
}

async function readBranch(branch: GitBranch, options: BootstrapOptions): Promise<BranchState> {
  const answer = await branch.read();
  switch (answer.kind) {
    case "found":
    case "empty":
      return answer;
    case "no-such-branch":
      throw new Failure(`failed to clone repository: couldn't find remote ref "refs/heads/${options.branch}"`);
    case "failed":
      throw new Failure(`failed to clone repository: ${answer.message}`);
  }
}

/** Undefined when the branch has moved in between. */
async function commitOnce(cli: Cli, branch: GitBranch, options: BootstrapOptions, state: BranchState): Promise<Committed | undefined> {
  const before: Tree = state.kind === "found" ? state.tree : new Map();
  refuseFlux(before, options);
  cli.say.action("generating component manifests");
  const files = bootstrapFiles(options, before);
  cli.say.success("generated component manifests");
  cli.say.action("generating sync manifests");
  const changed = new Map([...files].filter(([path, text]) => textAt(before, path) !== text).map(([path, text]) => [path, Buffer.from(text)]));
  const after: Tree = new Map([...before, ...[...changed].map(([path, bytes]) => [path, { bytes, executable: false }] as const)]);
  const built = buildBootstrapFolder(after, folderOf(options));
  cli.say.success("generated sync manifests");
  if (changed.size === 0 && state.kind === "found") {
    cli.say.success("component manifests are up to date");
    cli.say.success("sync manifests are up to date");
    return { head: state.head, built };
  }
  const pushed = await branch.commit(state, { files: changed, message: messageOf(options), author: options.author, time: cli.clock.now() });
  switch (pushed.kind) {
    case "pushed":
      cli.say.success(`committed component and sync manifests to ${JSON.stringify(options.branch)} (${JSON.stringify(pushed.commit)})`);
      cli.say.success(`pushed component and sync manifests to ${JSON.stringify(options.repository.url)}`);
      return { head: pushed.commit, built };
    case "moved":
      return undefined;
    case "rejected":
    case "failed":
      throw new Failure(`failed to push manifests: ${pushed.message}`);
  }
}

/** To overwrite the components of Flux is to delete its controllers: nobody shall do that without saying so. */
function refuseFlux(tree: Tree, options: BootstrapOptions): void {
  const file = `${folderOf(options)}/${COMPONENTS}`;
  const controllers = options.takeOver ? [] : controllersIn(tree, file);
  if (controllers.length > 0)
    throw new Failure(
      `${file} has Flux's controllers in it (${controllers.join(", ")}): with --take-over it is replaced, and the controllers are deleted from the cluster by the next reconciliation`,
    );
}

const textAt = (tree: Tree, path: string): string | undefined => {
  const bytes = tree.get(path)?.bytes;
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
};

const messageOf = ({ version, messageAppendix }: BootstrapOptions): string =>
  [`Add Flux ${version} component and sync manifests`, ...(messageAppendix === "" ? [] : [messageAppendix])].join("\n\n");
