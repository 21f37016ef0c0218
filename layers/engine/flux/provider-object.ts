import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { type Milliseconds, seconds } from "../domain/time.ts";
import { type ObjectMeta, objectMetaOf, partOf } from "./object.ts";
import { createReader, given, type Reader } from "./reader.ts";

/** Source: reference 4.3. */
export type Provider = {
  readonly metadata: ObjectMeta;
  readonly spec: {
    /** Any text: the API server accepts a Provider without a spec, and one of tomorrow may have a type that we do not know. */
    readonly type: string;
    readonly address: string;
    readonly channel: string;
    readonly username: string;
    /** Deprecated, as is the key of that name in the Secret. */
    readonly proxy?: string;
    /** Names of Secrets of the same namespace. */
    readonly secretRef?: string;
    readonly certSecretRef?: string;
    readonly proxySecretRef?: string;
    readonly serviceAccountName?: string;
    readonly commitStatusExpr?: string;
    /** For the whole delivery. */
    readonly timeout: Milliseconds;
    readonly suspend: boolean;
  };
  /** The object as it came. */
  readonly manifest: Manifest;
};

const DEFAULT_TIMEOUT = seconds(15);

/** The Provider in a manifest, or all that is wrong with it. */
export function parseProvider(manifest: Manifest): Result<Provider> {
  const problems: string[] = [];
  const spec = readSpec(createReader(partOf(manifest, "spec") ?? {}, "spec", (text) => problems.push(text)));
  return problems.length > 0 ? problem(problems.join("; ")) : ok({ metadata: objectMetaOf(manifest), spec, manifest });
}

const readSpec = (spec: Reader): Provider["spec"] =>
  given({
    type: spec.text("type") ?? "",
    address: spec.text("address") ?? "",
    channel: spec.text("channel") ?? "",
    username: spec.text("username") ?? "",
    proxy: spec.text("proxy"),
    secretRef: spec.child("secretRef", readName),
    certSecretRef: spec.child("certSecretRef", readName),
    proxySecretRef: spec.child("proxySecretRef", readName),
    serviceAccountName: spec.text("serviceAccountName"),
    commitStatusExpr: spec.text("commitStatusExpr"),
    timeout: spec.duration("timeout") ?? DEFAULT_TIMEOUT,
    suspend: spec.flag("suspend"),
  });

const readName = (reference: Reader): string => reference.requiredText("name");
