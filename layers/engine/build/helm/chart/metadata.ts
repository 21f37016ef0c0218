import { ok, problem, type Result } from "../../../domain/result.ts";
import { isSemver } from "../../../source/loose-version.ts";
import { isNil } from "../../kustomize/decode/decode.ts";
import { encodeStruct } from "../../kustomize/decode/encode.ts";
import { bool, type Decoded, list, pointers, type Shape, struct, text, textMap, texts, written } from "../../kustomize/decode/shape.ts";
import { unmarshal } from "../../kustomize/decode/unmarshal.ts";
import { readFirstYaml } from "../../yaml/read.ts";
import type { ChartDependency, ChartMetadata } from "./chart.ts";
import { sanitize } from "./sanitize.ts";

const anything: Shape<unknown> = { kind: "anything", type: "interface {}" };

const MAINTAINER = struct("chart.Maintainer", { name: text, email: text, url: text });

const DEPENDENCY = struct("chart.Dependency", {
  name: written(text),
  version: text,
  repository: written(text),
  condition: text,
  tags: texts,
  enabled: bool,
  "import-values": list(anything),
  alias: text,
});

/** The fields of Chart.yaml in the order in which Helm writes them as JSON; others are dropped. Source: Helm 4, pkg/chart/v2/metadata.go. */
export const METADATA = struct("v2.Metadata", {
  name: text,
  home: text,
  sources: texts,
  version: text,
  description: text,
  keywords: texts,
  maintainers: pointers(MAINTAINER),
  icon: text,
  apiVersion: text,
  condition: text,
  tags: text,
  appVersion: text,
  deprecated: bool,
  annotations: textMap,
  kubeVersion: text,
  dependencies: pointers(DEPENDENCY),
  type: text,
});

export type Metadata = Decoded<typeof METADATA>;

/** Chart.lock. Source: Helm 4, pkg/chart/v2/dependency.go. */
export const LOCK = struct("v2.Lock", { generated: written(text), digest: written(text), dependencies: written(pointers(DEPENDENCY)) });

const DEPENDENCIES = struct("v2.Metadata", { dependencies: pointers(DEPENDENCY) });

/** Chart.yaml as Go decodes it, numbers as text where text is wanted. A null among maintainers or dependencies is a problem of `validateMetadata`'s, said here. */
export function readMetadata(source: Uint8Array): Result<Metadata> {
  const read = unmarshal(source, METADATA, "ignore");
  if (!read.ok) return problem(`cannot load Chart.yaml: ${read.problem.message}`);
  return ok({ ...read.value, apiVersion: read.value.apiVersion === "" ? "v1" : read.value.apiVersion });
}

/** The dependencies of requirements.yaml, which charts of apiVersion v1 have instead of those in Chart.yaml; undefined when it names none. */
export function readRequirements(source: Uint8Array): Result<Metadata["dependencies"] | undefined> {
  const read = unmarshal(source, DEPENDENCIES, "ignore");
  if (!read.ok) return problem(`cannot load requirements.yaml: ${read.problem.message}`);
  return ok(isNil(read.value.dependencies) ? undefined : read.value.dependencies);
}

/** Which of the lists of Chart.yaml (or requirements.yaml) have a null in them: decoding does not tell it from an empty item. */
export function nullItems(source: Uint8Array): { readonly maintainers: boolean; readonly dependencies: boolean } {
  const read = readFirstYaml(source, "last wins");
  const document = read.ok && typeof read.value === "object" && read.value !== null && !Array.isArray(read.value) ? read.value : {};
  const hasNull = (name: string): boolean =>
    Object.entries(document).some(([key, value]) => key.toLowerCase() === name && Array.isArray(value) && value.includes(null));
  return { maintainers: hasNull("maintainers"), dependencies: hasNull("dependencies") };
}

const ALIAS = /^[a-zA-Z0-9_-]+$/;
const invalid = (text: string): Result<never> => problem(`validation: ${text}`);

/** The metadata with spaces normalised and what cannot be printed dropped, or Helm's words for what is wrong with it. Source: Helm 4, Metadata.Validate. */
export function validateMetadata(metadata: Metadata, nulls: { readonly maintainers: boolean; readonly dependencies: boolean }): Result<ChartMetadata> {
  const clean = sanitized(metadata);
  if (clean.name === "") return invalid("chart.metadata.name is required");
  if (clean.name !== baseName(clean.name)) return invalid(`chart.metadata.name ${JSON.stringify(clean.name)} is invalid`);
  if (clean.version === "") return invalid("chart.metadata.version is required");
  if (!isSemver(clean.version)) return invalid(`chart.metadata.version ${JSON.stringify(clean.version)} is invalid`);
  if (!["", "application", "library"].includes(clean.type)) return invalid("chart.metadata.type must be application or library");
  if (nulls.maintainers) return invalid("maintainers must not contain empty or null nodes");
  if (nulls.dependencies) return invalid("dependencies must not contain empty or null nodes");
  const taken = new Set<string>();
  for (const { name, alias } of clean.dependencies) {
    if (alias !== "" && !ALIAS.test(alias)) return invalid(`dependency ${JSON.stringify(name)} has disallowed characters in the alias`);
    const key = alias === "" ? name : alias;
    if (taken.has(key)) return invalid(`more than one dependency with name or alias ${JSON.stringify(key)}`);
    taken.add(key);
  }
  return ok(encodedMetadata(clean));
}

/** What the check of a chart does to what it looks at. */
export function sanitized(metadata: Metadata): Metadata {
  return {
    ...metadata,
    name: sanitize(metadata.name),
    description: sanitize(metadata.description),
    home: sanitize(metadata.home),
    icon: sanitize(metadata.icon),
    condition: sanitize(metadata.condition),
    tags: sanitize(metadata.tags),
    appVersion: sanitize(metadata.appVersion),
    kubeVersion: sanitize(metadata.kubeVersion),
    sources: metadata.sources.map(sanitize),
    keywords: metadata.keywords.map(sanitize),
    maintainers: metadata.maintainers.map(({ name, email, url }) => ({ name: sanitize(name), email: sanitize(email), url: sanitize(url) })),
    dependencies: isNil(metadata.dependencies)
      ? metadata.dependencies
      : metadata.dependencies.map((dependency) => ({
          ...dependency,
          name: sanitize(dependency.name),
          version: sanitize(dependency.version),
          repository: sanitize(dependency.repository),
          condition: sanitize(dependency.condition),
          tags: dependency.tags.map(sanitize),
        })),
  };
}

/** Go's filepath.Base; `.` for none. */
function baseName(path: string): string {
  const parts = path.split("/").filter((part) => part !== "");
  return path === "" ? "." : (parts.at(-1) ?? "/");
}

/** The one place that says what decoding has shown. */
const encodedMetadata = (metadata: Metadata): ChartMetadata => ({
  ...encodeStruct(METADATA, metadata),
  apiVersion: metadata.apiVersion,
  name: metadata.name,
  version: metadata.version,
  // An empty list is not none: only with a list Helm looks at what the dependencies depend on.
  ...(!isNil(metadata.dependencies) && { dependencies: metadata.dependencies.map(encodedDependency) }),
});

const encodedDependency = (dependency: Metadata["dependencies"][number]): ChartDependency => ({
  ...encodeStruct(DEPENDENCY, dependency),
  name: dependency.name,
  repository: dependency.repository,
});
