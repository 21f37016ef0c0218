import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { Http, HttpRequest } from "../http/http.ts";
import { proxyHeaders } from "../http/proxy.ts";

export type CredentialMask = {
  /** Passes requests on, and remembers what credentials they carried. */
  readonly http: Pick<Http, "send">;
  /** The text without any of them, in whatever form a server may send it back. */
  readonly hide: (text: string) => string;
};

const MASK = "*****";
/** Shorter ones would be found in every text, and protect nothing. */
const SHORTEST = 4;

/** A JWT: bodies carry some, too. */
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/** Headers that say how to talk, and nothing about who does. All others may hold a credential. */
const OPEN = new Set([
  "accept",
  "content-type",
  "content-encoding",
  "user-agent",
  "gotk-component",
  "x-atlassian-token",
  "x-github-api-version",
  "x-requested-with",
  "x-tfs-fedauthredirect",
  "x-tfs-session",
]);

/**
 * Hides what a request carried from what is said of its answer: whoever calls knows the values of the Provider's Secrets, not what senders make of them (user and
 * password in base64, tokens that were exchanged for a key). Source: security.md, "Secret values in diffs/events/errors".
 */
export function createCredentialMask(http: Pick<Http, "send">): CredentialMask {
  const carried = new Set<string>();
  return {
    http: {
      send: (request) => {
        for (const value of credentialsIn(request)) for (const form of formsOf(value)) carried.add(form);
        return http.send(request);
      },
    },
    hide: (text) =>
      [...carried]
        .toSorted((a, b) => b.length - a.length)
        .reduce((shown, value) => shown.replaceAll(value, MASK), text)
        .replace(TOKEN, MASK),
  };
}

function credentialsIn({ headers = {}, authorization, proxy }: HttpRequest): readonly string[] {
  const closed = Object.entries(headers).filter(([name]) => !OPEN.has(name.toLowerCase()));
  const own = [...closed.map(([, value]) => value), authorization ?? "", ...(proxy === undefined ? [] : Object.values(proxyHeaders(proxy)))];
  // `Bearer …` is quoted with and without its first word.
  return own.flatMap((value) => [value, value.slice(value.indexOf(" ") + 1)]).filter((value) => value.length >= SHORTEST);
}

const formsOf = (value: string): readonly string[] => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())];

/** The answer, with all its texts passed through `hide`. */
export function hiddenIn(answer: NotifierAnswer, hide: (text: string) => string): NotifierAnswer {
  switch (answer.kind) {
    case "sent":
      return answer;
    case "dropped":
      return { ...answer, why: hide(answer.why) };
    case "misconfigured":
    case "refused":
      return { ...answer, message: hide(answer.message) };
    case "unavailable": {
      const { prefix, request, why, problem } = answer;
      return { ...answer, prefix: hide(prefix), request: hide(request), why: hide(why), ...(problem !== undefined && { problem: hide(problem) }) };
    }
  }
}
