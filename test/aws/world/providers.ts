import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a provider does with a request. `takes`: whoever reads there sees the message; that and the answer need not agree. */
export type Reaction = {
  readonly takes?: true;
  readonly answer:
    | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
    /** The same after a while. */
    | { readonly kind: "late"; readonly status: number; readonly ms: number }
    | { readonly kind: "hang" }
    | { readonly kind: "endless"; readonly status: number }
    | { readonly kind: "reset" };
  /** Happens before the answer. */
  readonly act?: () => void;
};

/** By how often it was asked before. */
export type Behaviour = (nth: number) => Reaction;

export type Providers = {
  address(name: string): string;
  be(name: string, behaviour: Behaviour): void;
  /** Messages, in the order in which they came. */
  asked(name: string): readonly string[];
  /** Those that were taken. */
  taken(name: string): readonly string[];
  /** All requests with their providers, in the order in which they came. */
  readonly all: readonly { readonly name: string; readonly message: string }[];
  /** Requests that hang. */
  hanging(name: string): number;
  /** Ends what hangs. */
  letGo(name: string): void;
  close(): void;
};

export const TAKES: Reaction = { takes: true, answer: { kind: "status", status: 200 } };
export const status = (code: number, headers?: Readonly<Record<string, string>>): Reaction => ({
  answer: { kind: "status", status: code, ...(headers !== undefined && { headers }) },
});
export const hang: Reaction = { answer: { kind: "hang" } };

/** Webhooks of type generic, one for each name, on loopback: they take all that comes unless they are told to be otherwise. */
export async function startProviders(): Promise<Providers> {
  const behaviours = new Map<string, Behaviour>();
  const all: { readonly name: string; readonly message: string }[] = [];
  const taken: { readonly name: string; readonly message: string }[] = [];
  const hung = new Map<string, Set<ServerResponse>>();

  function react(name: string, { answer }: Reaction, response: ServerResponse): void {
    switch (answer.kind) {
      case "status":
        response.writeHead(answer.status, answer.headers).end();
        return;
      case "late":
        setTimeout(() => response.writeHead(answer.status).end(), answer.ms);
        return;
      case "hang": {
        const those = hung.get(name) ?? new Set();
        hung.set(name, those.add(response));
        response.once("close", () => those.delete(response));
        return;
      }
      case "endless": {
        response.writeHead(answer.status);
        const more = (): void => {
          while (!response.destroyed && response.write("x".repeat(65_536)));
        };
        response.on("drain", more);
        more();
        return;
      }
      case "reset":
        response.destroy();
    }
  }

  const server = createServer(async (request, response) => {
    const name = (request.url ?? "").slice(1);
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part);
    } catch {
      return; // whoever asked was killed
    }
    const message = String(JSON.parse(Buffer.concat(parts).toString())["message"]);
    const nth = all.filter((one) => one.name === name).length;
    const reaction = behaviours.get(name)?.(nth) ?? TAKES;
    all.push({ name, message });
    if (reaction.takes) taken.push({ name, message });
    reaction.act?.();
    react(name, reaction, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const of = (from: typeof all, name: string): readonly string[] => from.filter((one) => one.name === name).map(({ message }) => message);

  return {
    address: (name) => `http://127.0.0.1:${port}/${name}`,
    be: (name, behaviour) => void behaviours.set(name, behaviour),
    asked: (name) => of(all, name),
    taken: (name) => of(taken, name),
    all,
    hanging: (name) => hung.get(name)?.size ?? 0,
    letGo: (name) => {
      for (const response of hung.get(name) ?? []) response.destroy();
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
