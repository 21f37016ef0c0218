import { ok, problem, type Result } from "../../../domain/result.ts";
import { builtIn } from "./built-in.ts";
import { createBuiltInLayer, createKustomizeLayer, scopeOf } from "./built-in-layer.ts";
import { type References, schemaNode } from "./definition.ts";
import { createDocumentLayer } from "./document-layer.ts";
import type { Layer } from "./layer.ts";
import type { Schema, SchemaNode } from "./schema.ts";

/** The schema of one build, which the first kustomization that has an `openapi` field decides. */
export type BuildSchema = Schema & {
  /**
   * Takes the `openapi` field of a kustomization and the bytes of the file that its `path` names. The kustomization that is built decides; if it says nothing, the first
   * of those that it leads to. Source: kyaml openapi.SetSchema.
   */
  use(openapi: ReadonlyMap<string, string>, bytes: Uint8Array | undefined, isRoot: boolean): Result<undefined>;
  /**
   * Why the document in use is of no use. kustomize reads it when it first needs it, and panics then; so whatever a build has for a result, this is the result once it is set.
   */
  failure(): string | undefined;
};

/**
 * What a document does to the kinds that kustomize knows by itself: Flux loads those before each build, so the document adds to them;
 * in a kustomize of its own process they are not there, unless something has asked for them before.
 */
export type Preload = "built-in kinds" | "nothing";

export function createSchema(preload: Preload): BuildSchema {
  /** In the order in which kustomize reads them: what comes later hides what comes before. */
  const layers: Layer[] = preload === "nothing" ? [] : [createBuiltInLayer(builtIn())];
  const kustomize = createKustomizeLayer(builtIn());
  const nodes = new Map<string, SchemaNode | undefined>();
  let hasBuiltIn = preload !== "nothing";
  let isBuiltInWanted = false;
  let isSet = false;
  let document: Uint8Array | undefined;
  let isRead = hasBuiltIn;
  let failure: string | undefined;

  const fail = (message: string): undefined => {
    failure ??= message;
    return undefined;
  };

  function addBuiltIn(): void {
    if (!hasBuiltIn) layers.push(createBuiltInLayer(builtIn()));
    hasBuiltIn = true;
  }

  /** Reads what is in use, when it is first needed. Source: kyaml openapi.initSchema. */
  function read(): void {
    if (isRead) return;
    isRead = true;
    nodes.clear();
    if (document === undefined) {
      addBuiltIn();
      return;
    }
    const layer = createDocumentLayer(document, fail);
    if (!layer.ok) {
      fail(layer.problem);
      return;
    }
    layers.push(layer.value);
    if (isBuiltInWanted) addBuiltIn();
  }

  const references: References = { definition: (name) => newest((layer) => layer.definition(name)), fail };

  const newest = <Value>(look: (layer: Layer) => Value | undefined): Value | undefined => {
    read();
    return (
      look(kustomize) ??
      layers
        .toReversed()
        .map(look)
        .find((found) => found !== undefined)
    );
  };

  return {
    isNamespaced(apiVersion, kind) {
      const known = scopeOf(builtIn(), apiVersion, kind);
      if (known !== undefined) return known;
      if (document !== undefined) read();
      else if (!isRead) isBuiltInWanted = true;
      const scopes = layers.map((layer) => layer.isNamespaced(apiVersion, kind));
      return scopes.includes(true) ? true : scopes.includes(false) ? false : undefined;
    },
    of(apiVersion, kind) {
      read();
      const key = `${apiVersion}\0${kind}`;
      if (nodes.has(key)) return nodes.get(key);
      const definition = newest((layer) => layer.kind(apiVersion, kind));
      const node = definition === undefined ? undefined : schemaNode(definition, references);
      nodes.set(key, node);
      return node;
    },
    use(openapi, bytes, isRoot) {
      if (isSet && !isRoot) return ok(undefined);
      const version = openapi.get("version");
      if (bytes === undefined) return useVersion(version ?? "");
      if (version !== undefined) return problem("builtin version and custom schema provided, cannot use both");
      isSet = true;
      document = bytes;
      isRead = false;
      return ok(undefined);
    },
    failure: () => failure,
  };

  function useVersion(version: string): Result<undefined> {
    if (version === "") return ok(undefined);
    if (version !== builtIn().kubernetes) return problem("the specified OpenAPI version is not built in");
    isSet = true;
    document = undefined;
    isRead = false;
    return ok(undefined);
  }
}
