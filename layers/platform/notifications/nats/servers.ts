import { unescape as unescaped } from "node:querystring";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

export type NatsServer = {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** Members of CONNECT that the address itself holds. */
  readonly signIn: { readonly [member: string]: string };
};

const DEFAULT_PORT = 4222;

/** `nats://host:4222`, `tls://host`, `host:4222`, or several with commas between: they are tried in their order. Source: nats.go, Connect. */
export function parseNatsServers(address: string): Result<readonly NatsServer[]> {
  const servers: NatsServer[] = [];
  for (const written of address.split(",").map((one) => one.trim())) {
    if (written === "") continue;
    const parsed = parseServer(written);
    if (!parsed.ok) return parsed;
    servers.push(parsed.value);
  }
  return servers.length === 0 ? problem("NATS server (address) cannot be empty") : ok(servers);
}

function parseServer(written: string): Result<NatsServer> {
  const text = written.includes("://") ? written : `nats://${written}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === "") return problem("NATS server (address) is not a URL such as nats://nats.example.com:4222");
  if (url.protocol !== "nats:" && url.protocol !== "tls:") return problem(`NATS server (address): ${url.protocol}// is not supported, only nats:// and tls://`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return ok({ host, port: Number(url.port || DEFAULT_PORT), secure: url.protocol === "tls:", signIn: signInOf(url) });
}

/** A user alone is a token. */
function signInOf({ username, password }: URL): NatsServer["signIn"] {
  if (username === "") return {};
  const user = unescaped(username);
  return password === "" ? { auth_token: user } : { user, pass: unescaped(password) };
}
