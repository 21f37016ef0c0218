import type { Resource } from "../resource/resource.ts";

/**
 * Whether both got the same prefixes and suffixes on their last steps: of two lists the shorter one must be the end of the longer one, an empty
 * one only that of an empty one, or, with `allowEmpty`, of any.
 * Source: kustomize api/resource, PrefixesSuffixesEquals; api/internal/utils, SameEndingSubSlice.
 */
export const hasCommonEnds = (a: Resource, b: Resource, allowEmpty: boolean): boolean =>
  isSameEnd(a.prefixes, b.prefixes, allowEmpty) && isSameEnd(a.suffixes, b.suffixes, allowEmpty);

function isSameEnd(a: readonly string[], b: readonly string[], allowEmpty: boolean): boolean {
  const [short, long] = a.length > b.length ? [b, a] : [a, b];
  if (short.length === 0) return allowEmpty || long.length === 0;
  return short.every((part, index) => part === long[long.length - short.length + index]);
}
