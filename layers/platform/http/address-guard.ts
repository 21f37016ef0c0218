import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";

const refusal = (address: string): Error => Object.assign(new Error(`connections to ${address} are not allowed`), { code: "NOT_ALLOWED" });

/** Throws when `host` is an address as such, and not an allowed one: those are never looked up. */
export function refuseLiteral(host: string, isAllowed: (address: string) => boolean): void {
  const address = host.replace(/^\[|\]$/g, "");
  if (isIP(address) !== 0 && !isAllowed(address)) throw refusal(address);
}

/** A name lookup whose answers are what is connected to, so that a name cannot mean something else a moment later. */
export function guardedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, "");
      const refused = found.find(({ address }) => !isAllowed(address));
      const first = found[0];
      if (refused !== undefined || first === undefined) return done(refusal(refused?.address ?? host), "");
      return options.all === true ? done(null, found) : done(null, first.address, first.family);
    });
  };
}
