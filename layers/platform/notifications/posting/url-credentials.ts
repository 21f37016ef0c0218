import { unescape as unescaped } from "node:querystring";
import { basic } from "./authorization.ts";

type Parted = { readonly url: string; readonly authorization?: string };

/** `https://ada:pw@hooks.example.com/x` without `ada:pw`, which goes as a header, as Go's client sends it, and shows in no message. */
export function withoutCredentials(url: string): Parted {
  if (!URL.canParse(url)) return { url };
  const parsed = new URL(url);
  const { username, password } = parsed;
  if (username === "" && password === "") return { url };
  parsed.username = "";
  parsed.password = "";
  return { url: parsed.href, authorization: basic(unescaped(username), unescaped(password)) };
}

/**
 * User and password in the address of a Provider, as they are written there, also of one that is no URL: messages say what is wrong with it. A user alone is a token, unless
 * it is short (`ssh://git@…`). A connection string of Azure has a key.
 */
export function credentialsIn(address: string): readonly string[] {
  const [, user = "", password, loose] = USER_INFO.exec(address) ?? [];
  const said = [password ?? loose ?? "", ...(loose?.split(/[/?#]/) ?? [])].filter((text) => text !== "");
  const own = said.length === 0 && user.length >= SHORTEST_TOKEN ? [user] : said;
  return [...own, ...[...address.matchAll(/SharedAccessKey=([^;]+)/gi)].map(([, key = ""]) => key)];
}

/** A password may have a slash in it that was not escaped: what follows the colon is no port then. */
const USER_INFO = /^\s*[a-z][a-z\d+.-]*:\/\/(?:([^/?#:@]*)(?::([^/?#]*))?@|[^/?#:@[]*:(?!\d*(?:[/?#]|$))(.*)@)/i;
const SHORTEST_TOKEN = 8;
