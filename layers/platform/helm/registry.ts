import { createHash } from "node:crypto";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { ChartAnswer, ChartTarget, TagsOfChartAnswer } from "@sluice/engine/ports/chart-repositories.ts";
import type { Http } from "../http/exchange.ts";
import { type ChartLimits, tooLargeChart } from "./limits.ts";
import {
  CONFIG_TYPE,
  type Descriptor,
  INDEX_TYPES,
  isChartLayer,
  LAYER_TYPE,
  MANIFEST_TYPES,
  type Manifest,
  parseImageIndex,
  parseManifest,
} from "./manifest.ts";
import { parseReference, type Reference } from "./reference.ts";
import { registryError } from "./registry-error.ts";
import { createRegistrySession, parseJson, type RegistrySession, type RegistryUser, TOO_LARGE } from "./registry-session.ts";

export type RegistryDeps = { readonly http: Http; readonly limits: ChartLimits; readonly user: RegistryUser | undefined };

const MANIFEST_BYTES = 4 * 1024 * 1024;
const TAGS_BYTES = 8 * 1024 * 1024;
const TAG_PAGES = 200;
/** Two hundred pages of eight megabytes would be more than a function has memory. */
const MOST_TAGS = 100_000;
const MANIFESTS_OF_INDEX = 16;

/** All tags of a repository, page by page. */
export async function listTags(deps: RegistryDeps, target: ChartTarget, repository: string): Promise<TagsOfChartAnswer> {
  const reference = parseReference(repository);
  if (!reference.ok) return { kind: "failed", message: reference.problem };
  const session = sessionFor(deps, target, reference.value);
  const tags: string[] = [];
  let path: string | undefined = `/v2/${reference.value.repository}/tags/list`;
  for (let page = 0; path !== undefined; page++) {
    if (page === TAG_PAGES) return { kind: "failed", message: `more than ${TAG_PAGES} pages of tags` };
    const answer = await session.get({ path, maxBytes: TAGS_BYTES });
    if (!answer.ok) return { kind: "failed", message: answer.problem };
    if (answer.value.status !== 200) return { kind: "failed", message: registryError(answer.value) };
    for (const tag of tagsIn(answer.value.body)) tags.push(tag);
    if (tags.length > MOST_TAGS) return { kind: "failed", message: `more than ${MOST_TAGS} tags` };
    path = nextPage(answer.value.headers["link"]);
  }
  return { kind: "listed", tags };
}

/** A registry has no `+` in its tags. */
function tagsIn(body: Uint8Array): readonly string[] {
  const parsed = parseJson(body);
  if (!isObject(parsed) || !isArray(parsed.tags)) return [];
  return parsed.tags.flatMap((tag) => (typeof tag === "string" ? [tag.replaceAll("_", "+")] : []));
}

/** Within the registry only, whatever the header says. Source: distribution spec, pagination; RFC 8288. */
function nextPage(link: string | readonly string[] | undefined): string | undefined {
  const target = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(typeof link === "string" ? link : (link?.join(",") ?? ""))?.[1];
  if (target === undefined || !URL.canParse(target, "http://registry")) return undefined;
  const { pathname, search } = new URL(target, "http://registry");
  return pathname.startsWith("/v2/") ? `${pathname}${search}` : undefined;
}

/** The chart that a tag stands for. Manifest and content are what their digests say. Source: Helm 4, pkg/registry/client.go Pull. */
export async function pullChart(deps: RegistryDeps, target: ChartTarget, text: string): Promise<ChartAnswer> {
  const reference = parseReference(text);
  if (!reference.ok) return { kind: "failed", message: reference.problem };
  const session = sessionFor(deps, target, reference.value);
  const manifest = await findManifest(session, reference.value);
  if (!manifest.ok) return { kind: "failed", message: `failed to perform "FetchReference" on source: ${manifest.problem}` };
  const layer = chartLayer(manifest.value);
  if (!layer.ok) return { kind: "failed", message: layer.problem };
  const bytes = await fetchBlob(session, reference.value, layer.value, deps.limits);
  return bytes.ok ? { kind: "found", bytes: bytes.value } : { kind: "failed", message: bytes.problem };
}

function sessionFor({ http, user }: RegistryDeps, { insecure, tls, timeout }: ChartTarget, { host, repository }: Reference): RegistrySession {
  const origin = `${insecure ? "http" : "https"}://${host}`;
  return createRegistrySession({ http, origin, repository, user, tls, signal: AbortSignal.timeout(timeout) });
}

function chartLayer({ config, layers }: Manifest): Result<Descriptor> {
  if (config.mediaType !== CONFIG_TYPE) return problem(`could not load config with mediatype ${CONFIG_TYPE}`);
  const layer = layers.find(isChartLayer);
  return layer === undefined ? problem(`manifest does not contain a layer with mediatype ${LAYER_TYPE}`) : ok(layer);
}

/** What is none would be a path of the registry's choice. */
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Under a tag there may be a list of manifests, of which one is a chart's. */
async function findManifest(session: RegistrySession, reference: Reference): Promise<Result<Manifest>> {
  const first = await fetchManifest(session, reference, reference.tag ?? "latest");
  if (!first.ok) return first;
  const members = parseImageIndex(first.value);
  if (members === undefined) return parseManifest(first.value);
  let found: Result<Manifest> = problem(`could not load config with mediatype ${CONFIG_TYPE}`);
  for (const { digest } of members.slice(0, MANIFESTS_OF_INDEX)) {
    if (!DIGEST.test(digest)) continue;
    const bytes = await fetchManifest(session, reference, digest);
    const manifest = bytes.ok ? parseManifest(bytes.value) : bytes;
    if (manifest.ok && manifest.value.config.mediaType === CONFIG_TYPE) return manifest;
    if (!manifest.ok) found = manifest;
  }
  return found;
}

async function fetchManifest(session: RegistrySession, { repository, shown }: Reference, name: string): Promise<Result<Uint8Array>> {
  const accept = [...MANIFEST_TYPES, ...INDEX_TYPES];
  const answer = await session.get({ path: `/v2/${repository}/manifests/${name}`, accept, maxBytes: MANIFEST_BYTES });
  if (!answer.ok) return answer.problem === TOO_LARGE ? problem(`${shown}: the manifest is larger than ${MANIFEST_BYTES} bytes`) : answer;
  const { status, headers, body } = answer.value;
  if (status === 404) return problem(`${shown}: not found`);
  if (status !== 200) return problem(registryError(answer.value));
  const said = headers["docker-content-digest"];
  const wanted = name.includes(":") ? name : typeof said === "string" && said.startsWith("sha256:") ? said : undefined;
  return wanted === undefined || wanted === digestOf(body) ? ok(body) : problem(`mismatched digest: ${wanted}`);
}

async function fetchBlob(
  session: RegistrySession,
  { repository, shown }: Reference,
  { digest, size }: Descriptor,
  limits: ChartLimits,
): Promise<Result<Uint8Array>> {
  if (!DIGEST.test(digest)) return problem(`unsupported digest ${JSON.stringify(digest.slice(0, 100))}`);
  if (size > limits.chartBytes) return problem(tooLargeChart(shown, limits));
  const answer = await session.get({ path: `/v2/${repository}/blobs/${digest}`, maxBytes: size });
  if (!answer.ok) return answer.problem === TOO_LARGE ? notWhole("trailing data") : answer;
  if (answer.value.status !== 200) return problem(registryError(answer.value));
  const { body } = answer.value;
  if (body.length !== size) return notWhole(`read failed: expected content size of ${size}, got ${body.length}, for digest ${digest}: unexpected EOF`);
  return digestOf(body) === digest ? ok(body) : notWhole("mismatched digest");
}

/** Helm copies what it pulls into a store of its own, which says this. */
const notWhole = (words: string): Result<never> => problem(`failed to perform "Push" on destination: ${words}`);

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
