import { type GoMap, goMap } from "../../go/value.ts";
export function readToml(_text: string): { readonly ok: true; readonly value: GoMap } | { readonly ok: false; readonly problem: string } {
  return { ok: true, value: goMap() };
}
