import type { Manifest } from "../domain/manifest.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { type ObjectMeta, objectMetaOf, partOf } from "./object.ts";
import { createReader, given, type Reader } from "./reader.ts";

/** Whose events an Alert is for. */
export type EventSource = {
  readonly kind: string;
  /** `*`: any. */
  readonly name: string;
  /** That of the Alert where none is written. */
  readonly namespace: string;
  /** Present, also when empty: the object must still be there. */
  readonly matchLabels?: { readonly [key: string]: string };
};

/** Source: reference 4.2. */
export type Alert = {
  readonly metadata: ObjectMeta;
  readonly spec: {
    /** Name of a Provider of the same namespace. */
    readonly provider: string;
    readonly eventSeverity: "info" | "error";
    readonly eventSources: readonly EventSource[];
    /** Go regular expressions, as they are written. */
    readonly inclusionList: readonly string[];
    readonly exclusionList: readonly string[];
    readonly eventMetadata: { readonly [key: string]: string };
    readonly summary?: string;
    readonly suspend: boolean;
  };
  /** The object as it came. */
  readonly manifest: Manifest;
};

/** The Alert in a manifest, or all that is wrong with it. */
export function parseAlert(manifest: Manifest): Result<Alert> {
  const problems: string[] = [];
  const metadata = objectMetaOf(manifest);
  const spec = readSpec(
    createReader(partOf(manifest, "spec") ?? {}, "spec", (text) => problems.push(text)),
    metadata.namespace,
  );
  return problems.length > 0 ? problem(problems.join("; ")) : ok({ metadata, spec, manifest });
}

const readSpec = (spec: Reader, namespace: string): Alert["spec"] =>
  given({
    provider: spec.requiredChild("providerRef", (reference) => reference.requiredText("name")),
    eventSeverity: spec.oneOf("eventSeverity", ["info", "error"]) ?? "info",
    eventSources: spec.list("eventSources", (source) => readSource(source, namespace)),
    inclusionList: spec.texts("inclusionList"),
    exclusionList: spec.texts("exclusionList"),
    eventMetadata: spec.textMap("eventMetadata") ?? {},
    summary: spec.text("summary"),
    suspend: spec.flag("suspend"),
  });

const readSource = (source: Reader, namespace: string): EventSource =>
  given({
    kind: source.requiredText("kind"),
    name: source.requiredText("name"),
    namespace: source.text("namespace") ?? namespace,
    matchLabels: source.textMap("matchLabels"),
  });
