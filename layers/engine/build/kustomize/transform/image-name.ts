import { RE2JS, RE2JSSyntaxException } from "re2js";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import type { Image } from "../kustomization/kustomization.ts";
import { LONGEST_PATTERN, STEPS_OF_MATCH, stepsOfPattern } from "../select/pattern.ts";

const REST = "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$";
const PLAIN = /^[a-zA-Z0-9_./:@-]*$/;

/**
 * Whether a reference is to the image `name`, with or without tag and digest. The name is a regular expression: its points match any character.
 * Source: kustomize api/internal/image, IsImageMatched.
 */
export function imagePattern(name: string): Result<(reference: string) => boolean> {
  if (PLAIN.test(name)) {
    const pattern = new RegExp(`^${name.replaceAll("/", "\\/").replaceAll(".", "[^\\n]")}${REST}`, "u");
    return ok((reference) => pattern.test(reference));
  }
  if (name.length > LONGEST_PATTERN) return problem(`an image name with more than ${LONGEST_PATTERN} characters`);
  spend(stepsOfPattern(name));
  try {
    const compiled = RE2JS.compile(`^${name}${REST}`);
    return ok((reference) => {
      spend(STEPS_OF_MATCH * (1 + reference.length));
      return compiled.matcher(reference).find();
    });
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return problem(`the image name '${name}' is no regular expression: ${error.message}`);
  }
}

/** `reference` with what `image` says in place of its name, tag and digest. Source: kustomize api/filters/imagetag, SetImageValue. */
export function replaceImage(reference: string, { newName, newTag, digest: newDigest, tagSuffix }: Image): string {
  const { name, tag, digest } = splitImage(reference);
  const shown = (withTag: string, withDigest: string): string =>
    (newName || name) + (withTag === "" ? "" : `:${withTag}`) + (withDigest === "" ? "" : `@${withDigest}`);
  if (newTag !== "" || newDigest !== "") return shown(newTag, newDigest);
  return tagSuffix === "" ? shown(tag, digest) : shown(tag + tagSuffix, "");
}

/** `[[host[:port]/]component/]component[:tag][@digest]`. Source: kustomize api/internal/image, Split. */
function splitImage(reference: string): { readonly name: string; readonly tag: string; readonly digest: string } {
  const slash = Math.max(reference.indexOf("/"), 0);
  const at = reference.indexOf("@", slash);
  const colon = reference.indexOf(":", slash);
  if (at >= 0 && (colon < 0 || at < colon)) return { name: reference.slice(0, at), tag: "", digest: reference.slice(at + 1) };
  if (colon < 0) return { name: reference, tag: "", digest: "" };
  const tagEnd = at >= 0 ? at : reference.length;
  return { name: reference.slice(0, colon), tag: reference.slice(colon + 1, tagEnd), digest: at >= 0 ? reference.slice(at + 1) : "" };
}
