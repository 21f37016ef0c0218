import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { DELIMITER, FLUSH, type Packet, packetLine, parsePackets, textOf } from "./pkt-line.ts";

/** What a server says at `info/refs`: with version 2 what it can do, with the older ones also all its references. */
export type Advertisement =
  | { readonly version: 2; readonly filter: boolean }
  | { readonly version: 1; readonly refs: readonly RemoteRef[]; readonly capabilities: ReadonlySet<string> };

/** `commit`: what the reference stands at, annotated tags peeled. */
export type RemoteRef = { readonly name: string; readonly commit: string };

const AGENT = "agent=sluice";

/** Source: git, gitprotocol-http and gitprotocol-v2. */
export function parseAdvertisement(body: Uint8Array): Result<Advertisement> {
  const packets = parsePackets(body);
  if (!packets.ok) return packets;
  const lines = packets.value.filter(({ kind }) => kind === "data").map(textOf);
  const first = lines[0]?.startsWith("# service=") ? 1 : 0;
  const said = lines[first]?.startsWith("ERR ") ? lines[first].slice(4) : undefined;
  if (said !== undefined) return problem(said);
  if (lines[first] !== "version 2") return parseOldRefs(lines.slice(lines[first] === "version 1" ? first + 1 : first));
  const capabilities = lines.slice(first + 1);
  if (capabilities.some((line) => /^object-format=(?!sha1$)/.test(line))) return problem("the repository's object format is not sha1");
  const fetch = capabilities.find((line) => line === "fetch" || line.startsWith("fetch="));
  if (fetch === undefined) return problem("the server does not serve fetches");
  return ok({ version: 2, filter: fetch.split(/[= ]/).includes("filter") });
}

function parseOldRefs(lines: readonly string[]): Result<Advertisement> {
  const [head = "", words = ""] = (lines[0] ?? "").split("\0");
  const capabilities = new Set(words.split(" "));
  const rows = [head, ...lines.slice(1)].filter((line) => line !== "" && !line.startsWith("shallow ")).map(parseRow);
  if (rows.some((row) => row === undefined)) return problem("invalid advertised references");
  const found = rows.flatMap((row) => (row === undefined || row.name === "capabilities^{}" ? [] : [row]));
  const peeled = new Map(found.filter(({ name }) => name.endsWith("^{}")).map(({ name, id }) => [name.slice(0, -3), id]));
  const refs = found.filter(({ name }) => !name.endsWith("^{}")).map(({ name, id }) => ({ name, commit: peeled.get(name) ?? id }));
  return ok({ version: 1, refs, capabilities });
}

function parseRow(line: string): { readonly id: string; readonly name: string } | undefined {
  const [, id, name] = /^([0-9a-f]{40}) (.+)$/.exec(line) ?? [];
  return id === undefined || name === undefined ? undefined : { id, name };
}

/** The question which references begin with one of `prefixes`. */
export function refsRequest(prefixes: readonly string[]): Buffer {
  const wanted = prefixes.map((prefix) => packetLine(`ref-prefix ${prefix}\n`)).join("");
  return Buffer.from(`${packetLine("command=ls-refs\n")}${packetLine(`${AGENT}\n`)}${DELIMITER}${packetLine("peel\n")}${wanted}${FLUSH}`);
}

export function parseRefs(body: Uint8Array): Result<readonly RemoteRef[]> {
  const packets = parsePackets(body);
  if (!packets.ok) return packets;
  const refs: RemoteRef[] = [];
  for (const packet of packets.value) {
    if (packet.kind !== "data") continue;
    const line = textOf(packet);
    if (line.startsWith("ERR ")) return problem(line.slice(4));
    const [, id, name, rest = ""] = /^([0-9a-f]{40}|unborn) (\S+)(.*)$/.exec(line) ?? [];
    if (id === undefined || name === undefined) return problem("invalid advertised references");
    if (id !== "unborn") refs.push({ name, commit: / peeled:([0-9a-f]{40})/.exec(rest)?.[1] ?? id });
  }
  return ok(refs);
}

export type PackWant = {
  readonly commits: readonly string[];
  /** Only these commits themselves, without their history. */
  readonly shallow: boolean;
  /** We pretend to have this one and all before it. */
  readonly have?: string;
  /** Only commits, no trees and files: for servers that can. */
  readonly commitsOnly?: boolean;
};

export const packRequest = (advertisement: Advertisement, want: PackWant): Buffer =>
  advertisement.version === 2 ? packRequestV2(want) : packRequestV1(want, advertisement.capabilities);

function packRequestV2({ commits, shallow, have, commitsOnly }: PackWant): Buffer {
  const lines = [
    "no-progress",
    "ofs-delta",
    ...commits.map((id) => `want ${id}`),
    ...(have === undefined ? [] : [`have ${have}`]),
    ...(shallow ? ["deepen 1"] : []),
    ...(commitsOnly === true ? ["filter tree:0"] : []),
    "done",
  ];
  const said = lines.map((line) => packetLine(`${line}\n`)).join("");
  return Buffer.from(`${packetLine("command=fetch\n")}${packetLine(`${AGENT}\n`)}${DELIMITER}${said}${FLUSH}`);
}

function packRequestV1({ commits, shallow, have }: PackWant, offered: ReadonlySet<string>): Buffer {
  const wished = ["ofs-delta", "side-band-64k", "no-progress", ...(shallow ? ["shallow"] : [])].filter((name) => offered.has(name));
  const wants = commits.map((id, index) => packetLine(index === 0 ? `want ${id} ${[...wished, AGENT].join(" ")}\n` : `want ${id}\n`)).join("");
  const depth = shallow ? packetLine("deepen 1\n") : "";
  return Buffer.from(`${wants}${depth}${FLUSH}${have === undefined ? "" : packetLine(`have ${have}\n`)}${packetLine("done\n")}`);
}

/** The pack in an answer to `packRequest`, or what the server has against it. */
export function parsePackAnswer(advertisement: Advertisement, body: Uint8Array): Result<Uint8Array> {
  const sideBand = advertisement.version === 2 || advertisement.capabilities.has("side-band-64k");
  if (!sideBand) return packAfterPackets(body);
  const packets = parsePackets(body);
  if (!packets.ok) return packets;
  const data = packets.value.filter(({ kind }) => kind === "data");
  const refusal = data
    .slice(0, 4)
    .map(textOf)
    .find((line) => line.startsWith("ERR "));
  if (refusal !== undefined) return problem(refusal.slice(4));
  return joinBands(data, advertisement.version === 2);
}

/** Band 1 is the pack, 2 is progress, 3 the server's last words. In version 2 they come after the line `packfile`. */
function joinBands(data: readonly Packet[], afterHeading: boolean): Result<Uint8Array> {
  const start = afterHeading
    ? data.findIndex((packet) => textOf(packet) === "packfile") + 1
    : data.findIndex((packet) => packet.kind === "data" && packet.bytes[0] === 1);
  if (start < 0 || (afterHeading && start === 0)) return problem("the server sent no pack");
  const parts: Uint8Array[] = [];
  for (const packet of data.slice(start)) {
    if (packet.kind !== "data") continue;
    if (packet.bytes[0] === 3) return problem(Buffer.from(packet.bytes.subarray(1)).toString("utf8").trim());
    if (packet.bytes[0] === 1) parts.push(packet.bytes.subarray(1));
  }
  return ok(Buffer.concat(parts));
}

/** Without side-band the pack follows the line packets as it is. */
function packAfterPackets(body: Uint8Array): Result<Uint8Array> {
  const at = Buffer.from(body.buffer, body.byteOffset, body.byteLength).indexOf("PACK");
  if (at >= 0) return ok(body.subarray(at));
  const packets = parsePackets(body);
  const said = packets.ok ? packets.value.map(textOf).find((line) => line.startsWith("ERR ")) : undefined;
  return problem(said?.slice(4) ?? "the server sent no pack");
}
