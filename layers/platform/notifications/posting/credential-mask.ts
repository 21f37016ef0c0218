import type { NotifierAnswer, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import type { Http, HttpRequest } from "../../http/exchange.ts";
import { proxyHeaders } from "../../http/proxy.ts";
import { credentialsIn } from "./url-credentials.ts";

export type CredentialMask = {
  /** Passes requests on, and remembers what credentials they carried. */
  readonly http: Pick<Http, "send">;
  /** The text without any of them, in whatever form a server may send it back. */
  readonly hide: (text: string) => string;
};

const MASK = "*****";
/** Shorter ones would be found in every text, and protect nothing. */
const SHORTEST = 4;
/** Of one that a text ends within, so many letters tell nobody anything. */
const HARMLESS = 8;
/** Longer ones are files, of which nobody quotes so much. */
const LONGEST_TAIL = 4096;

/** Where a JWT may stand. */
const RUN = /[\w.-]+/g;

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
 * password in base64, tokens that were exchanged for a key). Hides also user and password in the Provider's address, and what of a Secret stands at the end of a text:
 * answers are read up to a size, which may lie within a value that they quote. Source: security.md, "Secret values in diffs/events/errors".
 */
export function createCredentialMask(http: Pick<Http, "send">, { address, secrets }: Pick<ProviderSettings, "address" | "secrets">): CredentialMask {
  const carried = new Set(credentialsIn(address).filter(isLong).flatMap(formsOf));
  const held = Object.values(secrets).flatMap((value) => [...formsOf(value.reveal()), Buffer.from(value.reveal()).toString("base64")]);
  return {
    http: {
      send: (request) => {
        for (const value of carriedBy(request).filter(isLong)) for (const form of formsOf(value)) carried.add(form);
        return http.send(request);
      },
    },
    hide: (text) => {
      const shown = [...carried]
        .toSorted((a, b) => b.length - a.length)
        .reduce((rest, value) => rest.replaceAll(value, MASK), text)
        .replace(RUN, withoutToken);
      return [...carried, ...held].reduce(withoutBeginningAtEnd, shown);
    },
  };
}

const isLong = (value: string): boolean => value.length >= SHORTEST;

function carriedBy({ headers = {}, authorization, proxy }: HttpRequest): readonly string[] {
  const closed = Object.entries(headers).filter(([name]) => !OPEN.has(name.toLowerCase()));
  const own = [...closed.map(([, value]) => value), authorization ?? "", ...(proxy === undefined ? [] : Object.values(proxyHeaders(proxy)))];
  // `Bearer …` is quoted with and without its first word.
  return own.flatMap((value) => [value, value.slice(value.indexOf(" ") + 1)]);
}

const formsOf = (value: string): readonly string[] => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())];

/** Bodies carry JWTs, too: three parts with dots between. One expression for all of it would take the square of a hostile text's length. */
function withoutToken(run: string): string {
  const at = run.search(/\beyJ/);
  return at < 0 ||
    run
      .slice(at)
      .split(".")
      .filter((part) => part !== "").length < 3
    ? run
    : run.slice(0, at) + MASK;
}

function withoutBeginningAtEnd(text: string, value: string): string {
  if (value.length <= HARMLESS) return text;
  const beginning = value.slice(0, HARMLESS);
  const from = text.length - Math.min(value.length, LONGEST_TAIL);
  for (let at = text.indexOf(beginning, from); at >= 0; at = text.indexOf(beginning, at + 1)) {
    if (value.startsWith(text.slice(at))) return text.slice(0, at) + MASK;
  }
  return text;
}

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
