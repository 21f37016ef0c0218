import type { Caller } from "./identity.ts";

/** One request as it came over the wire, with what its signature says of it. */
export type AwsRequest = {
  readonly method: string;
  /** As sent: not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the content: chunks of `aws-chunked` are put together. */
  readonly body: Buffer;
  readonly requestId: string;
  readonly region: string;
  readonly caller: Caller;
  /** Ends when the client has gone or the fake stops. */
  readonly signal: AbortSignal;
};

/** Where most resources live: an account's region. */
export type Place = { readonly account: string; readonly region: string };

export const placeOf = (request: AwsRequest): Place => ({ account: request.caller.account, region: request.region });

/** One value of a kind for each account and region, made when it is first asked for. */
export function perPlace<T>(create: (place: Place) => T): (place: Place) => T {
  const made = new Map<string, T>();
  return (place) => {
    const key = `${place.account}/${place.region}`;
    const present = made.get(key);
    if (present !== undefined) return present;
    const created = create(place);
    made.set(key, created);
    return created;
  };
}
