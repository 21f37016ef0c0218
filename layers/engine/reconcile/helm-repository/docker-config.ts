import { isObject, type Json } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { type Secret, secret } from "../../domain/secret.ts";
import type { ChartCredentials } from "../../ports/chart-repositories.ts";

/**
 * Who a Docker config says we are at `host`. Keys may be URLs, as older versions of docker wrote them. The problem is Flux's; what the file says is not shown.
 * Source: docker/cli config/credentials; source-controller, KeychainFromSecret.
 */
export function credentialsInDockerConfig(text: Secret, host: string, secretName: string): Result<ChartCredentials | undefined> {
  const parsed = parseJson(text.reveal());
  if (parsed === undefined) return problem(`unable to load Docker config from Secret '${secretName}': invalid JSON`);
  const auths = isObject(parsed) && isObject(parsed.auths) ? parsed.auths : {};
  const key = Object.hasOwn(auths, host) ? host : Object.keys(auths).find((name) => hostnameOf(name) === host);
  if (key === undefined) return problem(`no auth config for '${host}' in the docker-registry Secret '${secretName}'`);
  const [username, password] = userIn(auths[key]);
  if (username === "" && password === "") return ok(undefined);
  if (username === "" || password === "") return problem(`invalid '${secretName}' secret data: required fields 'username' and 'password'`);
  return ok({ kind: "basic", username, password: secret(password) });
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const hostnameOf = (key: string): string => key.replace(/^https?:\/\//, "").split("/", 1)[0] ?? "";

/** `auth` is `username:password` in base64, and counts more than the two. */
function userIn(entry: Json | undefined): readonly [string, string] {
  if (!isObject(entry)) return ["", ""];
  const { auth, username, password } = entry;
  if (typeof auth === "string" && auth !== "") {
    const pair = Buffer.from(auth, "base64").toString("utf8");
    const colon = pair.indexOf(":");
    return colon < 0 ? [pair, ""] : [pair.slice(0, colon), pair.slice(colon + 1).replace(/\0+$/, "")];
  }
  return [typeof username === "string" ? username : "", typeof password === "string" ? password : ""];
}
