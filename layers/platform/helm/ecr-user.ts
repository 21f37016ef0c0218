import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import type { SignedRequests } from "../aws/signed-requests.ts";
import { parseJson, type RegistryUser } from "./registry-session.ts";

/** A registry of AWS, and whom to ask for the right to read it. */
export type EcrPlace = { readonly service: "ecr" | "ecr-public"; readonly region: string; readonly endpoint: string };

const PRIVATE = /^[0-9]{12}\.dkr[.-]ecr(-fips)?\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?|on\.aws|amazonaws\.eu)$/;

/** Undefined for a host that is none of AWS. Source: reference 0.9. */
export function ecrPlace(host: string): EcrPlace | undefined {
  if (host === "public.ecr.aws") return { service: "ecr-public", region: "us-east-1", endpoint: "https://api.ecr-public.us-east-1.amazonaws.com" };
  const [, fips = "", region, domain = ""] = PRIVATE.exec(host) ?? [];
  if (region === undefined) return undefined;
  return { service: "ecr", region, endpoint: `https://${fips === "" ? "api.ecr" : "ecr-fips"}.${region}.${domain === "on.aws" ? "amazonaws.com" : domain}` };
}

const TARGETS = { ecr: "AmazonEC2ContainerRegistry_V20150921", "ecr-public": "SpencerFrontendService" } as const;

/** Who we are to a registry of AWS: `AWS` with a password that holds for twelve hours. Throws what AWS says against it. */
export async function fetchEcrUser(requests: SignedRequests, { service }: EcrPlace, signal: AbortSignal): Promise<Result<RegistryUser>> {
  const answer = await requests.send({
    method: "POST",
    path: "/",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `${TARGETS[service]}.GetAuthorizationToken` },
    body: "{}",
    signal,
  });
  const token = tokenIn(parseJson(answer.body));
  const pair = token === undefined ? "" : Buffer.from(token, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  if (colon <= 0) return problem("no authorization token in the answer");
  return ok({ username: pair.slice(0, colon), password: secret(pair.slice(colon + 1)) });
}

/** ECR answers with a list, its public sister with one. */
function tokenIn(answer: Json | undefined): string | undefined {
  const found = isObject(answer) ? answer.authorizationData : undefined;
  const data = isArray(found) ? found[0] : found;
  return isObject(data) && typeof data.authorizationToken === "string" ? data.authorizationToken : undefined;
}
