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
