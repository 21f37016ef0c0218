import { connect, type Socket } from "node:net";
import { guardedLookup, refuseLiteral } from "./address-guard.ts";
import { goWords, type Silence } from "./go-words.ts";

export type Dialed = { readonly kind: "connected"; readonly socket: Socket } | ({ readonly kind: "silent" } & Silence);

/** Opens a TCP connection for a protocol that is not HTTP. Whoever gets the socket ends it, and sees its errors; `signal` ends it, too. */
export type Dial = (goal: { readonly host: string; readonly port: number; readonly signal: AbortSignal }) => Promise<Dialed>;

/** `isAllowed` as in `createHttp`: asked for every address before it is connected to. */
export function createDial({ isAllowed }: { readonly isAllowed?: (address: string) => boolean } = {}): Dial {
  return async ({ host, port, signal }) => {
    try {
      // Node would connect all the same, and leave the socket open.
      signal.throwIfAborted();
      if (isAllowed !== undefined) refuseLiteral(host, isAllowed);
      const socket = connect({ host, port, signal, ...(isAllowed !== undefined && { lookup: guardedLookup(isAllowed) }) });
      await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
      return { kind: "connected", socket };
    } catch (error) {
      return { kind: "silent", ...goWords(error, signal, false) };
    }
  };
}
