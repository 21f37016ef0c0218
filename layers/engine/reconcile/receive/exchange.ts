import type { ObjectKey } from "../../domain/object-key.ts";

/** A request to a webhook, as it came: nothing decoded, nothing cleaned. */
export type ReceivedRequest = {
  readonly method: string;
  /** The request's URI with its query: `/hook/0db9…`. */
  readonly path: string;
  /** Names in small letters. Several headers of one name are one, joined with `, `. */
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array;
};

export type ReceivedAnswer = {
  readonly code: 200 | 307 | 400 | 404 | 413 | 500 | 503;
  readonly body: string;
  /** Names in small letters. */
  readonly headers: { readonly [name: string]: string };
  /** Whatever got the annotation, also where the code says that others did not: `itemsOf` makes of it what goes to the queues at once. */
  readonly annotated: readonly ObjectKey[];
  /** The value of the annotation, which tells this look from others. */
  readonly requestedAt: string;
};
