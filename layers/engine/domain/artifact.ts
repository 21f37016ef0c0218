import type { Brand } from "./brand.ts";

/** `main@sha1:<40 hex>`, `v1.0.0@sha1:…`, `sha1:…`: what a source stands at. */
export type Revision = Brand<string, "Revision">;
export const revision = (text: string): Revision => text as Revision;

/** `status.artifact` of a source: where the bytes are and what they are. Source: reference 0.7. */
export type Artifact = {
  readonly path: string;
  readonly url: string;
  readonly revision: Revision;
  /** `sha256:<hex>` of the tar.gz as served. */
  readonly digest: string;
  readonly lastUpdateTime: string;
  /** Bytes of the tar.gz. */
  readonly size: number;
  readonly metadata?: { readonly [key: string]: string };
};
