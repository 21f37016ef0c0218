import type { Json } from "../domain/json.ts";

/** Public documents by address, such as the keys of an issuer of tokens. Bounded in size and time; what was fetched lately is remembered. */
export type JsonDocuments = {
  /** `fresh`: what is remembered is not good enough (a key is missing in it). Nobody is asked again for that within a minute. */
  get(url: string, options?: { readonly fresh?: boolean }): Promise<JsonDocumentAnswer>;
};

/** `failed`: nobody answered, or with something else than a JSON document. `message` is for logs. */
export type JsonDocumentAnswer = { readonly kind: "found"; readonly document: Json } | { readonly kind: "failed"; readonly message: string };
