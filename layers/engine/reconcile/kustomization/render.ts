import { createHash } from "node:crypto";
import { type Built, buildManifests } from "../../build/build-manifests.ts";
import type { Artifact } from "../../domain/artifact.ts";
import { isArray, isObject, type Json } from "../../domain/json.ts";
import type { Manifest } from "../../domain/manifest.ts";
import type { Place } from "../../domain/place.ts";
import type { Kustomization } from "../../flux/kustomization-object.ts";
import type { KustomizationDeps } from "./deps.ts";
import { type ReadVariables, readVariables } from "./variables.ts";

/**
 * What a Kustomization's artifact builds to. `digest` is the sha256 of the final YAML, as history has it. `hidden` are values of Secrets that
 * went into it: what is said of it from here on, by whomever, may not show them.
 */
export type Render = { readonly rendered: Rendered; readonly hidden: readonly string[] };

export type Rendered =
  | { readonly kind: "rendered"; readonly manifests: readonly Manifest[]; readonly digest: string }
  | { readonly kind: "vanished" }
  | { readonly kind: "path-missing"; readonly message: string }
  | { readonly kind: "build-failed"; readonly message: string; readonly at?: Place | undefined };

/** A change of this text makes every remembered render a stranger: to be raised whenever the builder begins to say another thing of the same files. */
const FORMAT = "render/2";

/**
 * The manifests of `artifact` for a Kustomization: out of the store when everything that goes into them was built before, else built now.
 * A render that holds values of Secrets is not kept. Source: reference 2.3 steps 10-16; design §6.
 */
export async function render(deps: KustomizationDeps, object: Kustomization, artifact: Artifact): Promise<Render> {
  const read = await readVariables(deps.cluster, object);
  return { rendered: await renderWith(deps, object, artifact, read), hidden: read.hidden };
}

async function renderWith(deps: KustomizationDeps, object: Kustomization, artifact: Artifact, read: ReadVariables): Promise<Rendered> {
  const inputs = isKept(read) ? inputsOf(object, artifact, read) : undefined;
  const before = inputs === undefined ? undefined : parseRender(await deps.renders.recall(inputs));
  if (before !== undefined) return before;
  const opened = await deps.openArtifacts.open(artifact.digest);
  if (opened.kind === "vanished") return opened;
  if (opened.kind === "broken") return { kind: "build-failed", message: opened.problem };
  const rendered = renderedOf(buildManifests({ files: opened.files, kustomization: object.spec, variables: read.variables }, deps.kustomizer));
  if (rendered.kind === "rendered" && inputs !== undefined) await deps.renders.remember(inputs, Buffer.from(JSON.stringify(rendered)));
  return rendered;
}

const isKept = ({ variables, secret }: ReadVariables): boolean => variables.ok && !secret;

/** The digest of everything that goes into a render. */
function inputsOf({ spec }: Kustomization, { digest }: Artifact, { variables }: ReadVariables): string {
  const { path, targetNamespace, namePrefix, nameSuffix, components, ignoreMissingComponents, patches, images, buildMetadata, postBuild } = spec;
  const build = { path, targetNamespace, namePrefix, nameSuffix, components, ignoreMissingComponents, patches, images, buildMetadata, postBuild };
  return `sha256:${createHash("sha256")
    .update(JSON.stringify([FORMAT, digest, build, variables.ok ? [...variables.value] : []]))
    .digest("hex")}`;
}

function renderedOf(built: Built): Rendered {
  switch (built.kind) {
    case "built":
      return { kind: "rendered", manifests: built.manifests, digest: `sha256:${createHash("sha256").update(built.yaml).digest("hex")}` };
    case "path-missing":
      return built;
    case "failed":
      return { kind: "build-failed", message: built.message, at: built.at };
  }
}

/** Whatever cannot be read counts as lost. */
function parseRender(bytes: Uint8Array | undefined): Rendered | undefined {
  if (bytes === undefined) return undefined;
  const value = parseJson(Buffer.from(bytes).toString("utf8"));
  if (!isObject(value) || !isArray(value.manifests) || typeof value.digest !== "string") return undefined;
  return { kind: "rendered", manifests: value.manifests as unknown as readonly Manifest[], digest: value.digest }; // written above, by us
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
