import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { Notification, NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { fluxMarkdown } from "../message/flux-markdown.ts";
import { type ApiFailure, numberOf, textOf } from "./exchange.ts";

/** The comments of pull or merge requests, as one kind of git server has them. Numbers are as they go into a path. */
export type Comments = {
  readonly kind: "connected";
  /** Whose comments are our own. */
  readonly login: string;
  /** The first 100, the oldest first. */
  readonly list: (request: string) => Promise<{ readonly kind: "listed"; readonly items: readonly JsonObject[] } | ApiFailure>;
  readonly authorOf: (comment: JsonObject) => string;
  /** Undefined when it was taken. */
  readonly edit: (request: string, comment: string, body: string) => Promise<ApiFailure | undefined>;
  readonly create: (request: string, body: string) => Promise<ApiFailure | undefined>;
};

export type CommentWords = {
  /** Of the hidden line by which a comment is found again. */
  readonly marker: "flux-pr-comment-key" | "flux-mr-comment-key";
  /** The function of Go that the number is read with: errors name it. */
  readonly parser: "Atoi" | "ParseInt";
};

/** The metadata that names the request. */
const KEY = "change_request";

/** One comment for each Provider and object: the one that is there is edited. Source: reference 4.3.3. */
export async function comment(notification: Notification, comments: Comments, words: CommentWords): Promise<NotifierAnswer> {
  const { event } = notification;
  const request = requestNumber(event.metadata?.[KEY], words);
  if (!request.ok) return { kind: "refused", message: request.problem };
  const listed = await comments.list(request.value);
  if (listed.kind !== "listed") return listed;

  const marker = markerOf(notification, words);
  const body = `${marker}\n\n${fluxMarkdown(event)}`;
  const own = listed.items.find((item) => comments.authorOf(item) === comments.login && textOf(item, "body").includes(marker));
  const id = numberOf(own, "id");
  const failure = id === undefined ? await comments.create(request.value, body) : await comments.edit(request.value, id, body);
  return failure ?? { kind: "sent" };
}

function markerOf({ event, provider }: Notification, { marker }: CommentWords): string {
  const { kind, namespace, name } = event.involvedObject;
  return `<!-- ${marker}:${provider.uid}/${kind}/${namespace}/${name} -->`;
}

/** A number as Go reads it. Recorded in providers/githubpullrequestcomment-change-request-not-a-number. */
function requestNumber(text: string | undefined, { parser }: CommentWords): Result<string> {
  if (text === undefined) return problem(`missing "${KEY}" metadata key`);
  const refuse = (why: string) =>
    problem(`invalid "${KEY}" metadata value ${JSON.stringify(text)}: strconv.${parser}: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[+-]?\d+$/.test(text)) return refuse("invalid syntax");
  const number = BigInt(text.replace("+", ""));
  return BigInt.asIntN(64, number) === number ? ok(String(number)) : refuse("value out of range");
}
