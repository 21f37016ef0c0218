import type { Definition } from "./definition.ts";

/** One OpenAPI document; of several, what comes later hides what comes before it. */
export type Layer = {
  definition(name: string): Definition | undefined;
  /** The definition of a kind. */
  kind(apiVersion: string, kind: string): Definition | undefined;
  /** What the paths of the document say; undefined where they do not name the kind. */
  isNamespaced(apiVersion: string, kind: string): boolean | undefined;
};
