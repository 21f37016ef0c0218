import type { Result } from "@sluice/engine/domain/result.ts";
import { withoutTrailing } from "@sluice/engine/domain/text.ts";
import type { FetchAnswer, GitCredentials, GitFailure, GitRemote, GitTarget, ResolveAnswer, TagsAnswer } from "@sluice/engine/ports/git-remote.ts";
import type { Http, HttpAnswer, HttpSilence } from "../http/exchange.ts";
import { readCommit, readTree } from "./objects.ts";
import { type GitObjects, parsePack } from "./pack.ts";
import {
  type Advertisement,
  type PackWant,
  packRequest,
  parseAdvertisement,
  parsePackAnswer,
  parseRefs,
  type RemoteRef,
  refsRequest,
} from "./smart-protocol.ts";

export type SmartCaps = {
  /** Of one answer of the server, compressed. */
  readonly answerBytes: number;
  readonly objects: number;
  readonly objectBytes: number;
  /** Of all objects or files together. */
  readonly bytes: number;
  readonly files: number;
};

export const DEFAULT_SMART_CAPS: SmartCaps = { answerBytes: 512 << 20, objects: 2_000_000, objectBytes: 128 << 20, bytes: 1 << 30, files: 200_000 };

const MAX_PATH = 4096;
const MAX_WORDS = 1000;
const LONGEST_WORDS = 64 * 1024;

export type SmartOptions = { readonly http: Http; readonly caps?: SmartCaps };

/** Repositories of any server that speaks git's smart HTTP protocol, version 2 or older. A GitHub App's credentials must have been turned into basic ones. */
export function createSmartRemotes({ http, caps = DEFAULT_SMART_CAPS }: SmartOptions): SmartRemotes {
  // Where version 2 was met before, the probe needs one request, not two. Only a hint: any failure begins anew.
  const known = new Map<string, Advertisement & { version: 2 }>();
  return { open: (target) => openRemote({ http, caps, known, target }) };
}

export type SmartRemotes = { open(target: GitTarget): SmartRemote };

export type SmartRemote = GitRemote & {
  /** Every object of one commit: what a new commit is built on. */
  objects(commit: string): Promise<ObjectsAnswer>;
};

export type ObjectsAnswer = { readonly kind: "objects"; readonly objects: GitObjects } | { readonly kind: "no-such-commit" } | GitFailure;

type Remote = { readonly http: Http; readonly caps: SmartCaps; readonly known: Map<string, Advertisement & { version: 2 }>; readonly target: GitTarget };

/** One call of a method: the deadline is the target's timeout. */
type Call = Remote & { readonly signal: AbortSignal };

type Failed = GitFailure;

function openRemote(remote: Remote): SmartRemote {
  const call = (): Call => ({ ...remote, signal: AbortSignal.timeout(Math.max(1, Math.min(Math.ceil(remote.target.timeout), 2 ** 31 - 1))) });
  return {
    resolve: (ref) => resolveRef(call(), ref),
    tags: () => listTags(call()),
    fetch: (commit, branch) => fetchCommit(call(), commit, branch),
    objects: (commit) => fetchObjects(call(), commit),
  };
}

async function resolveRef(call: Call, ref: string): Promise<ResolveAnswer> {
  const listed = await listRefs(call, [ref]);
  if (listed.kind !== "listed") return listed;
  const found = listed.refs.find(({ name }) => name === ref);
  if (found !== undefined) return { kind: "found", commit: found.commit };
  return (await isEmpty(call, listed)) ? { kind: "empty" } : { kind: "no-such-ref" };
}

async function listTags(call: Call): Promise<TagsAnswer> {
  const listed = await listRefs(call, ["refs/tags/"]);
  if (listed.kind !== "listed") return listed;
  const tags = listed.refs.filter(({ name }) => name.startsWith("refs/tags/")).map(({ name, commit }) => ({ name: name.slice("refs/tags/".length), commit }));
  if (tags.length === 0 && (await isEmpty(call, listed))) return { kind: "empty" };
  return { kind: "listed", tags };
}

type Listed = { readonly kind: "listed"; readonly refs: readonly RemoteRef[]; readonly complete: boolean };

/** True when there is not one reference. Where only some had been asked for, the others are asked for now. */
async function isEmpty(call: Call, listed: Listed): Promise<boolean> {
  if (listed.refs.length > 0) return false;
  if (listed.complete) return true;
  const all = await listRefs(call, ["refs/"]);
  return all.kind === "listed" && all.refs.length === 0;
}

async function listRefs(call: Call, prefixes: readonly string[]): Promise<Listed | Failed> {
  const known = call.known.get(baseOf(call.target));
  if (known !== undefined) {
    const quick = await askRefs(call, prefixes);
    if (quick.kind === "listed") return quick;
    call.known.delete(baseOf(call.target));
  }
  const advertised = await advertise(call);
  if (advertised.kind === "failed") return advertised;
  const { advertisement } = advertised;
  if (advertisement.version === 1) return { kind: "listed", refs: advertisement.refs, complete: true };
  return askRefs(call, prefixes);
}

async function askRefs(call: Call, prefixes: readonly string[]): Promise<Listed | Failed> {
  const answer = await post(call, refsRequest(prefixes), true);
  if (answer.kind === "failed") return answer;
  const refs = parseRefs(answer.body);
  return refs.ok ? { kind: "listed", refs: refs.value, complete: false } : protocolFailure(call, refs.problem);
}

async function fetchCommit(call: Call, commit: string, branch: string | undefined): Promise<FetchAnswer> {
  if (!/^[0-9a-f]{40}$/.test(commit)) return { kind: "no-such-commit" };
  const advertised = await advertisementOf(call);
  if (advertised.kind === "failed") return advertised;
  const { advertisement } = advertised;
  const whole = await objectsOf(call, advertisement, commit, branch);
  if (whole.kind !== "objects") return whole;
  if (branch !== undefined && !(await isOnBranch(call, advertisement, commit, branch))) return { kind: "no-such-commit" };
  return treeOf(call, whole.objects, commit);
}

async function fetchObjects(call: Call, commit: string): Promise<ObjectsAnswer> {
  const advertised = await advertisementOf(call);
  return advertised.kind === "failed" ? advertised : objectsOf(call, advertised.advertisement, commit, undefined);
}

/** Version 2 serves any commit by its id. Older servers serve what they advertise, and some of them more; else the whole history is fetched. */
async function objectsOf(call: Call, advertisement: Advertisement, commit: string, branch: string | undefined): Promise<ObjectsAnswer> {
  if (mayAskFor(advertisement, commit)) {
    const exact = await fetchPack(call, advertisement, { commits: [commit], shallow: canBeShallow(advertisement) });
    if (exact.kind === "objects") return exact;
    if (exact.kind === "failed") return exact;
    // git itself says this only of what it does not have.
    if (exact.words.includes("not our ref")) return { kind: "no-such-commit" };
  }
  const tips = await tipsOf(call, branch);
  if (tips.kind === "failed") return tips;
  if (tips.commits.length === 0) return { kind: "no-such-commit" };
  const history = await fetchPack(call, advertisement, { commits: tips.commits, shallow: false });
  if (history.kind === "refused") return protocolFailure(call, history.words);
  if (history.kind === "failed") return history;
  return history.objects.has(commit) ? history : { kind: "no-such-commit" };
}

function mayAskFor(advertisement: Advertisement, commit: string): boolean {
  if (advertisement.version === 2) return true;
  const { capabilities, refs } = advertisement;
  return refs.some((ref) => ref.commit === commit) || capabilities.has("allow-reachable-sha1-in-want") || capabilities.has("allow-tip-sha1-in-want");
}

const canBeShallow = (advertisement: Advertisement): boolean => advertisement.version === 2 || advertisement.capabilities.has("shallow");

async function tipsOf(call: Call, branch: string | undefined): Promise<{ readonly kind: "tips"; readonly commits: readonly string[] } | Failed> {
  const listed = await listRefs(call, [branch ?? "refs/heads/"]);
  if (listed.kind !== "listed") return listed;
  const refs = listed.refs.filter(({ name }) => (branch === undefined ? name.startsWith("refs/heads/") : name === branch));
  return { kind: "tips", commits: [...new Set(refs.map(({ commit }) => commit))] };
}

/**
 * True when `commit` is the branch's tip or comes before it. Asked without fetching the history: we pretend to have `commit`, so that what
 * comes is what is newer, and then one of those must have it as its parent.
 */
async function isOnBranch(call: Call, advertisement: Advertisement, commit: string, branch: string): Promise<boolean> {
  const tips = await tipsOf(call, branch);
  if (tips.kind === "failed" || tips.commits.length === 0) return false;
  if (tips.commits.includes(commit)) return true;
  const commitsOnly = advertisement.version === 2 && advertisement.filter;
  const newer = await fetchPack(call, advertisement, { commits: tips.commits, shallow: false, have: commit, commitsOnly });
  if (newer.kind !== "objects") return false;
  return [...newer.objects].some(([id, { type }]) => type === "commit" && readCommit(newer.objects, id)?.parents.includes(commit) === true);
}

function treeOf(call: Call, objects: GitObjects, id: string): FetchAnswer {
  const found = readCommit(objects, id);
  if (found === undefined) return { kind: "no-such-commit" };
  const tree = readTree(objects, found.tree, { files: call.caps.files, bytes: call.caps.bytes, pathBytes: MAX_PATH });
  if (!tree.ok) return protocolFailure(call, tree.problem);
  return { kind: "fetched", commit: { id, message: found.message, time: found.time }, tree: tree.value };
}

type PackAnswer = { readonly kind: "objects"; readonly objects: GitObjects } | { readonly kind: "refused"; readonly words: string } | Failed;

async function fetchPack(call: Call, advertisement: Advertisement, want: PackWant): Promise<PackAnswer> {
  const answer = await post(call, packRequest(advertisement, want), advertisement.version === 2);
  if (answer.kind === "failed") return answer;
  const pack = parsePackAnswer(advertisement, answer.body);
  if (!pack.ok) return { kind: "refused", words: pack.problem };
  const { objects, objectBytes, bytes } = call.caps;
  const parsed = parsePack(pack.value, { objects, objectBytes, bytes });
  return parsed.ok ? { kind: "objects", objects: parsed.value } : protocolFailure(call, parsed.problem);
}

type Advertised = { readonly kind: "advertised"; readonly advertisement: Advertisement };

async function advertisementOf(call: Call): Promise<Advertised | Failed> {
  const known = call.known.get(baseOf(call.target));
  return known === undefined ? advertise(call) : { kind: "advertised", advertisement: known };
}

async function advertise(call: Call): Promise<Advertised | Failed> {
  const answer = await send(call, { method: "GET", path: "info/refs?service=git-upload-pack", headers: { "git-protocol": "version=2" } });
  if (answer.kind === "failed") return answer;
  if (!String(answer.headers["content-type"] ?? "").startsWith("application/x-git-upload-pack-advertisement")) {
    return protocolFailure(call, "the answer is not that of a git server");
  }
  const advertisement: Result<Advertisement> = parseAdvertisement(answer.body);
  if (!advertisement.ok) return protocolFailure(call, advertisement.problem);
  if (advertisement.value.version === 2) call.known.set(baseOf(call.target), advertisement.value);
  return { kind: "advertised", advertisement: advertisement.value };
}

const post = (call: Call, body: Buffer, version2: boolean): Promise<HttpAnswer | Failed> =>
  send(call, {
    method: "POST",
    path: "git-upload-pack",
    body,
    headers: {
      "content-type": "application/x-git-upload-pack-request",
      accept: "application/x-git-upload-pack-result",
      ...(version2 && { "git-protocol": "version=2" }),
    },
  });

type Sent = { readonly method: "GET" | "POST"; readonly path: string; readonly headers: { readonly [name: string]: string }; readonly body?: Buffer };

async function send(call: Call, { path, ...request }: Sent): Promise<HttpAnswer | Failed> {
  const { target, http, signal, caps } = call;
  const { credentials, tls, proxy } = target;
  const authorization = authorizationOf(credentials);
  const answer = await http.send({
    ...request,
    url: `${baseOf(target)}/${path}`,
    headers: { "user-agent": "git/sluice", ...request.headers },
    signal,
    maxBytes: caps.answerBytes,
    ...(authorization !== undefined && { authorization }),
    ...(tls !== undefined && { tls }),
    ...(proxy !== undefined && { proxy }),
  });
  if (answer.kind === "silent") return silence(call, answer);
  return answer.status === 200 ? answer : refusal(call, answer);
}

/** The URL to which git's own paths are added. */
export function baseOf({ url }: Pick<GitTarget, "url">): string {
  const [path = ""] = url.split(/[?#]/, 1);
  return /^[a-z]+:\/\/$/.test(path) ? path : withoutTrailing(path, "/");
}

export function authorizationOf(credentials: GitCredentials | undefined): string | undefined {
  switch (credentials?.kind) {
    case "basic":
      return `Basic ${Buffer.from(`${credentials.username}:${credentials.password.reveal()}`).toString("base64")}`;
    case "bearer":
      return credentials.token.reveal() === "" ? undefined : `Bearer ${credentials.token.reveal()}`;
    case "github-app":
    case undefined:
      return undefined;
  }
}

const silence = (call: Call, { why, message }: HttpSilence): Failed => ({ kind: "failed", why, message: withoutSecrets(call.target, message) });

/** go-git's words for a status code. Recorded in sources/repository-not-there-or-empty and secret-basic-auth. */
function refusal(call: Call, { status, body, url }: HttpAnswer): Failed {
  // Cut only afterwards: half a secret at the end would not be known for one.
  const words = Buffer.from(body.subarray(0, LONGEST_WORDS)).toString("utf8");
  const answer = withoutSecrets(call.target, words).slice(0, MAX_WORDS);
  switch (status) {
    case 401:
      return { kind: "failed", why: "authentication", message: `authentication required: ${answer}` };
    case 403:
      return { kind: "failed", why: "forbidden", message: `authorization failed: ${answer}` };
    case 404:
      return { kind: "failed", why: "not-found", message: `repository not found: ${answer}` };
    case 429:
      return { kind: "failed", why: "rate-limited", message: `unexpected client error: unexpected requesting "${url}" status code: 429: ${answer}` };
    default:
      return {
        kind: "failed",
        why: "protocol",
        message: `unexpected client error: unexpected requesting "${url}" status code: ${status}${answer === "" ? "" : `: ${answer}`}`,
      };
  }
}

const protocolFailure = (call: Call, words: string): Failed => ({
  kind: "failed",
  why: "protocol",
  message: withoutSecrets(call.target, words.slice(0, LONGEST_WORDS)).slice(0, MAX_WORDS),
});

/** A server may send back what it was sent, as it was or escaped: no secret of ours leaves through its words. */
export function withoutSecrets({ credentials, proxy }: GitTarget, words: string): string {
  const given = [
    credentials?.kind === "basic" ? credentials.password.reveal() : "",
    credentials?.kind === "bearer" ? credentials.token.reveal() : "",
    authorizationOf(credentials)?.replace(/^\w+ /, "") ?? "",
    proxy?.password?.reveal() ?? "",
  ];
  return withoutWords(given, words);
}

/** `words` without any of `secrets`, plain, in a URL or in JSON; shorter ones than four letters occur in every text. */
export function withoutWords(secrets: readonly string[], words: string): string {
  const forms = new Set(secrets.flatMap((text) => [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)]));
  const known = [...forms].filter((text) => text.length >= 4).toSorted((a, b) => b.length - a.length);
  return known.reduce((text, secret) => text.replaceAll(secret, "***"), words);
}
