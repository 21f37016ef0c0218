import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import type { HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { decodeRelease, encodeRelease, releaseJson } from "@sluice/engine/release/codec.ts";
import { goJson } from "@sluice/engine/release/go-json.ts";
import { parseProgress } from "@sluice/engine/release/progress.ts";
import { formatReleaseSecret, parseReleaseSecret } from "@sluice/engine/release/secret.ts";
import { describe, expect, it } from "vitest";

/** As helm 4.1.4 wrote them: an install, superseded by an upgrade. */
const secretOf = (version: number): Manifest => JSON.parse(readFileSync(new URL(`helm-4.1.4/v${version}.json`, import.meta.url), "utf8"));
const textOf = ({ data }: Manifest): string => Buffer.from((data as unknown as { release: string }).release, "base64").toString();

const release = (changes: Partial<HelmStoredRelease> = {}): HelmStoredRelease => ({
  name: "shop",
  namespace: "apps",
  version: 1,
  info: { status: "deployed" },
  chart: { metadata: { name: "shop", version: "1.0.0" } },
  manifest: "",
  ...changes,
});

describe("a release of helm's", () => {
  it.each([1, 2])("is read, and written again byte for byte: revision %i", (version) => {
    const read = decodeRelease(textOf(secretOf(version)));
    if (!read.ok) throw new Error(read.problem);
    expect(releaseJson(read.value)).toBe(gunzipSync(Buffer.from(textOf(secretOf(version)), "base64")).toString());
  });

  it("is written into a Secret like helm's", () => {
    const parsed = parseReleaseSecret(secretOf(2));
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(formatReleaseSecret(parsed.value, "default", { createdAt: epochMs(1_000_500) })).toMatchObject({
      apiVersion: "v1",
      kind: "Secret",
      type: "helm.sh/release.v1",
      metadata: {
        name: "sh.helm.release.v1.shop.v2",
        namespace: "default",
        labels: { createdAt: "1000", name: "shop", owner: "helm", status: "deployed", version: "2" },
      },
    });
  });
});

describe("encoding", () => {
  it("leaves out a manifest without objects and a list without hooks", () => {
    expect(Object.keys(JSON.parse(releaseJson(release({ hooks: [] }))) as object)).toEqual(["name", "info", "chart", "version", "namespace"]);
  });
});

describe("decoding", () => {
  const packed = (json: string): string => gzipSync(json).toString("base64");

  it("keeps fields that nobody here knows", () => {
    const json = '{"name":"shop","info":{"status":"deployed","later":1},"chart":{"metadata":null},"version":3,"namespace":"apps","new_field":{"b":1,"a":2}}';
    const read = decodeRelease(packed(json));
    expect(read.ok && JSON.parse(releaseJson(read.value))).toEqual({ ...JSON.parse(json), chart: { metadata: null } });
  });

  it("reads what is not packed, and times of Helm 3 that are none", () => {
    const read = decodeRelease(Buffer.from('{"name":"a","version":1,"info":{"status":"failed","deleted":""}}').toString("base64"));
    expect(read).toEqual({ ok: true, value: { name: "a", namespace: "", version: 1, info: { status: "failed" }, chart: {}, manifest: "" } });
  });

  it.each([
    ["what is no gzip", Buffer.from([0x1f, 0x8b, 0x08, 0, 1]).toString("base64"), "the release is not gzip"],
    ["what is no JSON", packed("{"), "the release is not JSON"],
    ["what is no map", packed("[]"), "the release is no map"],
    ["what has no name", packed('{"version":1,"info":{}}'), "the release has no name"],
    ["what has no version", packed('{"name":"a","info":{}}'), "the release has no version"],
    ["what expands without end", gzipSync(Buffer.alloc((64 << 20) + 1)).toString("base64"), "the release expands to more than 67108864 bytes"],
  ])("refuses %s", (_, text, problem) => {
    expect(decodeRelease(text)).toEqual({ ok: false, problem });
  });

  it("gives back what was encoded", () => {
    const whole = release({ config: { a: [1, null, { b: "<&>" }] }, manifest: "---\n", apply_method: "csa" });
    expect(decodeRelease(encodeRelease(whole))).toEqual({ ok: true, value: whole });
  });
});

it("what a user has labelled stays, and progress stands in an annotation", () => {
  const progress = { action: "upgrade", step: "apply", since: "2030-01-01T00:00:00Z", began: "2030-01-01T00:00:00Z", pending: "1,2" } as const;
  const secret = formatReleaseSecret({ release: release(), labels: { team: "a" }, progress }, "apps", { modifiedAt: epochMs(2000) });
  expect(secret.metadata.labels).toEqual({ team: "a", modifiedAt: "2", name: "shop", owner: "helm", status: "deployed", version: "1" });
  expect(parseReleaseSecret(secret)).toEqual({ ok: true, value: { release: release(), labels: { team: "a" }, progress } });
});

it.each([
  undefined,
  "",
  "{",
  "[]",
  '{"action":"dance","step":"a","since":"b","began":"c"}',
  '{"action":"test","step":1,"since":"b","began":"c"}',
])("an annotation that is none of ours is none: %s", (text) => expect(parseProgress(text)).toBeUndefined());

it.each<[string, Parameters<typeof goJson>[0], string]>([
  ["letters that Go escapes", "<a>&\u2028\u2029\b\f\n\u0001é\u007f", '"\\u003ca\\u003e\\u0026\\u2028\\u2029\\b\\f\\n\\u0001é\u007f"'],
  ["numbers", [1, 1.5, 1e21, 1e-7, -0, 100000000000000000000], "[1,1.5,1e+21,1e-7,-0,100000000000000000000]"],
  ["keys of maps by their bytes", { "\u{1f600}": 1, "\uffff": 2, b: 3, a: 4, ab: 5 }, '{"a":4,"ab":5,"b":3,"\uffff":2,"\u{1f600}":1}'],
])("goJson: %s", (_, value, want) => expect(goJson(value)).toBe(want));
