import type { Condition } from "../domain/condition.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { type Milliseconds, minutes } from "../domain/time.ts";
import { type ObjectMeta, objectMetaOf, partOf, readCondition } from "./object.ts";
import { createReader, given, ignore, type Reader } from "./reader.ts";

export const RECEIVER_TYPES = [
  "generic",
  "generic-hmac",
  "generic-oidc",
  "github",
  "gitlab",
  "bitbucket",
  "harbor",
  "dockerhub",
  "quay",
  "gcr",
  "nexus",
  "acr",
  "cdevents",
] as const;
export type ReceiverType = (typeof RECEIVER_TYPES)[number];

/** What a request makes the engine look at. `name` may be `*`, together with `matchLabels`; `namespace` is the Receiver's own where none is written. */
export type ReceiverResource = {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly matchLabels?: { readonly [key: string]: string };
  readonly filter?: string;
};

/** An issuer of tokens, and what must be true of its tokens. */
export type OidcProvider = {
  readonly issuerURL: string;
  readonly audience: string;
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly { readonly expression: string; readonly message: string }[];
};

/** In the form in which it is written; what is absent was never written. `observedGeneration` -1: never looked at. */
export type ReceiverStatus = {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly webhookPath?: string;
  readonly lastHandledReconcileAt?: string;
};

export type Receiver = {
  readonly apiVersion: string;
  readonly kind: "Receiver";
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly type: ReceiverType;
    readonly interval: Milliseconds;
    readonly events: readonly string[];
    readonly resources: readonly ReceiverResource[];
    readonly resourceFilter?: string;
    /** Name of a Secret of the same namespace; every type has one but generic-oidc. */
    readonly secretRef?: string;
    readonly oidcProviders: readonly OidcProvider[];
    readonly suspend: boolean;
  };
  readonly status: ReceiverStatus;
  /** The object as it came. */
  readonly manifest: Manifest;
};

const DEFAULT_INTERVAL = minutes(10);
const DEFAULT_AUDIENCE = "notification-controller";

/** The Receiver in a manifest, with the engine's defaults applied, or all that is wrong with its spec. Source: reference 4.4. */
export function parseReceiver(manifest: Manifest): Result<Receiver> {
  const problems: string[] = [];
  const spec = readSpec(createReader(partOf(manifest, "spec") ?? {}, "spec", (text) => problems.push(text)));
  if (spec.type !== "generic-oidc" && spec.secretRef === undefined) problems.push("spec.secretRef: required value");
  if (problems.length > 0) return problem(problems.join("; "));
  return ok({
    apiVersion: manifest.apiVersion,
    kind: "Receiver",
    metadata: objectMetaOf(manifest),
    spec,
    status: readStatus(createReader(partOf(manifest, "status"), "status", ignore)),
    manifest,
  });
}

const readSpec = (spec: Reader): Receiver["spec"] =>
  given({
    type: spec.requiredOneOf("type", RECEIVER_TYPES),
    interval: spec.duration("interval") ?? DEFAULT_INTERVAL,
    events: spec.texts("events"),
    resources: spec.list("resources", readResource),
    resourceFilter: spec.text("resourceFilter"),
    secretRef: spec.child("secretRef", (reference) => reference.requiredText("name")),
    oidcProviders: spec.list("oidcProviders", readProvider),
    suspend: spec.flag("suspend"),
  });

const readResource = (resource: Reader): ReceiverResource =>
  given({
    apiVersion: resource.text("apiVersion"),
    kind: resource.requiredText("kind"),
    name: resource.requiredText("name"),
    namespace: resource.text("namespace"),
    matchLabels: resource.textMap("matchLabels"),
    filter: resource.text("filter"),
  });

/** What is missing in it is for a condition to say, in Flux's words: nothing is required here. */
const readProvider = (provider: Reader): OidcProvider => ({
  issuerURL: provider.text("issuerURL") ?? "",
  audience: provider.text("audience") ?? DEFAULT_AUDIENCE,
  variables: provider.list("variables", (variable) => ({ name: variable.text("name") ?? "", expression: variable.text("expression") ?? "" })),
  validations: provider.list("validations", (validation) => ({
    expression: validation.text("expression") ?? "",
    message: validation.text("message") ?? "",
  })),
});

const readStatus = (status: Reader): ReceiverStatus =>
  given({
    observedGeneration: status.whole("observedGeneration"),
    conditions: status.soundOnes("conditions", readCondition),
    webhookPath: status.text("webhookPath"),
    lastHandledReconcileAt: status.anyText("lastHandledReconcileAt"),
  });
