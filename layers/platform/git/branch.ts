import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import type { GitFailure, GitTarget } from "@sluice/engine/ports/git-remote.ts";
import type { Http, HttpAnswer } from "../http/exchange.ts";
import { readCommit, readTree } from "./objects.ts";
import type { GitObjects } from "./pack.ts";
import { FLUSH, packetLine, parsePackets, textOf } from "./pkt-line.ts";
import { authorizationOf, baseOf, createSmartRemotes, DEFAULT_SMART_CAPS, withoutSecrets } from "./smart-remotes.ts";
import { type CommitChange, writeCommit } from "./write-commit.ts";
import { writePack } from "./write-pack.ts";

/** One branch of a repository on a server, to be read and added to without git and without a working copy. */
export type GitBranch = {
  read(): Promise<BranchAnswer>;
  /** One commit on top of what was read, pushed. Nothing is ever forced. */
  commit(base: BranchState, change: CommitChange): Promise<PushAnswer>;
};

/** `tree` without symbolic links and submodules, which stay in the repository all the same. */
export type BranchState =
  | { readonly kind: "found"; readonly head: string; readonly tree: Tree; readonly objects: GitObjects }
  /** The repository has no commit at all. */
  | { readonly kind: "empty" };

export type BranchAnswer = BranchState | { readonly kind: "no-such-branch" } | GitFailure;

export type PushAnswer =
  | { readonly kind: "pushed"; readonly commit: string; readonly time: EpochMs }
  /** The branch has moved since it was read. */
  | { readonly kind: "moved"; readonly message: string }
  | { readonly kind: "rejected"; readonly message: string }
  | GitFailure;

export type BranchOptions = { readonly http: Http; readonly target: GitTarget; readonly branch: string };

const MAX_ANSWER = 1 << 20;
const MAX_PATH = 4096;
const NOTHING = "0".repeat(40);

export function openBranch(options: BranchOptions): GitBranch {
  return { read: () => read(options), commit: (base, change) => commit(options, base, change) };
}

const refOf = ({ branch }: BranchOptions): string => `refs/heads/${branch}`;

async function read(options: BranchOptions): Promise<BranchAnswer> {
  const remote = createSmartRemotes({ http: options.http }).open(options.target);
  const resolved = await remote.resolve(refOf(options));
  if (resolved.kind === "no-such-ref") return { kind: "no-such-branch" };
  if (resolved.kind !== "found") return resolved;
  const fetched = await remote.objects(resolved.commit);
  if (fetched.kind === "failed") return fetched;
  if (fetched.kind === "no-such-commit") return failed(`the server does not give commit ${resolved.commit}`);
  const root = readCommit(fetched.objects, resolved.commit)?.tree;
  if (root === undefined) return failed(`object not found: commit ${resolved.commit}`);
  const tree = readTree(fetched.objects, root, { files: DEFAULT_SMART_CAPS.files, bytes: DEFAULT_SMART_CAPS.bytes, pathBytes: MAX_PATH });
  if (!tree.ok) return failed(tree.problem);
  return { kind: "found", head: resolved.commit, tree: tree.value, objects: fetched.objects };
}

async function commit(options: BranchOptions, base: BranchState, change: CommitChange): Promise<PushAnswer> {
  const [head, objects] = base.kind === "found" ? [base.head, base.objects] : [undefined, new Map()];
  const written = writeCommit(objects, head, change);
  if (!written.ok) return { kind: "rejected", message: written.problem };
  const { id } = written.value;
  // Asked first, as git does: here the server says whether this user may push.
  const may = await send(options, { method: "GET", path: "info/refs?service=git-receive-pack" });
  if (may.kind === "failed") return may;
  const command = packetLine(`${head ?? NOTHING} ${id} ${refOf(options)}\0 report-status agent=sluice`);
  const body = Buffer.concat([Buffer.from(`${command}${FLUSH}`), writePack(written.value.objects)]);
  const answer = await send(options, { method: "POST", path: "git-receive-pack", body });
  if (answer.kind === "failed") return answer;
  const refused = refusalIn(answer.body, refOf(options));
  if (refused === undefined) return { kind: "pushed", commit: id, time: change.time };
  const message = withoutSecrets(options.target, refused).slice(0, 500);
  return { kind: isMoved(refused) ? "moved" : "rejected", message };
}

/** What a server says when the branch is not where it was. Source: git receive-pack; GitHub and Gerrit have words of their own. */
const isMoved = (words: string): boolean =>
  /fetch first|non-fast-forward|failed to update ref|cannot lock ref|incorrect old value|reference already exists|failed to lock/i.test(words);

/** Why the push was not taken; undefined when it was. Source: git, gitprotocol-pack, "Report Status". */
function refusalIn(body: Uint8Array, ref: string): string | undefined {
  const packets = parsePackets(body);
  if (!packets.ok) return packets.problem;
  const lines = packets.value.filter(({ kind }) => kind === "data").map(textOf);
  const unpack = lines.find((line) => line.startsWith("unpack "));
  if (unpack !== undefined && unpack !== "unpack ok") return unpack.slice("unpack ".length);
  if (lines.includes(`ok ${ref}`)) return undefined;
  const refused = lines.find((line) => line.startsWith(`ng ${ref} `));
  return refused?.slice(`ng ${ref} `.length) ?? lines.find((line) => line.startsWith("ERR "))?.slice(4) ?? "the server did not say that it took the push";
}

type Sent = { readonly method: "GET" | "POST"; readonly path: string; readonly body?: Buffer };

async function send({ http, target }: BranchOptions, { path, ...request }: Sent): Promise<HttpAnswer | GitFailure> {
  const authorization = authorizationOf(target.credentials);
  const answer = await http.send({
    ...request,
    url: `${baseOf(target)}/${path}`,
    headers: {
      "user-agent": "git/sluice",
      ...(request.body !== undefined && { "content-type": "application/x-git-receive-pack-request", accept: "application/x-git-receive-pack-result" }),
    },
    signal: AbortSignal.timeout(Math.max(1, Math.min(Math.ceil(target.timeout), 2 ** 31 - 1))),
    maxBytes: MAX_ANSWER,
    ...(authorization !== undefined && { authorization }),
    ...(target.tls !== undefined && { tls: target.tls }),
  });
  if (answer.kind === "silent") return { kind: "failed", why: answer.why, message: withoutSecrets(target, answer.message) };
  if (answer.status === 200) return answer;
  const words = withoutSecrets(target, Buffer.from(answer.body).toString("utf8").trim()).slice(0, 500);
  switch (answer.status) {
    case 401:
      return { kind: "failed", why: "authentication", message: `authentication required: ${words}` };
    case 403:
      return { kind: "failed", why: "forbidden", message: `authorization failed: ${words}` };
    case 404:
      return { kind: "failed", why: "not-found", message: `repository not found: ${words}` };
    default:
      return { kind: "failed", why: "protocol", message: `unexpected requesting "${answer.url}" status code: ${answer.status}: ${words}` };
  }
}

const failed = (message: string): GitFailure => ({ kind: "failed", why: "protocol", message });
