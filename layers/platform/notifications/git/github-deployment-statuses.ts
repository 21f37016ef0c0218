import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { GoJson } from "../message/go-json.ts";
import { type ApiFailure, ask, askForList, numberOf, textOf } from "./exchange.ts";
import type { GitHubApi } from "./github-access.ts";
import { gitHubJson } from "./github-words.ts";

type Listed = { readonly kind: "listed"; readonly statuses: readonly JsonObject[] };

/** The newest first. Ids grow; how GitHub sorts this list is not documented. */
export async function listStatuses({ api, path }: GitHubApi, id: string): Promise<Listed | ApiFailure> {
  const failing = "could not list deployment statuses: ";
  const listed = await askForList(api, { path: `${path}/deployments/${id}/statuses`, query: { per_page: "100" }, failing });
  if (listed.kind !== "listed") return listed;
  return { kind: "listed", statuses: listed.items.toSorted((a, b) => Number(numberOf(b, "id") ?? 0) - Number(numberOf(a, "id") ?? 0)) };
}

/** Undefined when it was taken. */
export async function postStatus({ api, path }: GitHubApi, id: string, body: { readonly [field: string]: GoJson }): Promise<ApiFailure | undefined> {
  const failing = "could not create deployment status: ";
  const headers = { "content-type": "application/json" };
  // By itself GitHub ends every deployment of the environment, those of other objects too. Source: GitHub REST, "Deployments", "Inactive deployments".
  const text = gitHubJson({ ...body, auto_inactive: false });
  const answer = await ask(api, { method: "POST", path: `${path}/deployments/${id}/statuses`, headers, body: text, failing });
  return answer.kind === "answered" ? undefined : answer;
}

export const stateOf = (status: JsonObject | undefined): string => textOf(status, "state");
