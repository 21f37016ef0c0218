/** `spec.ref` of a GitRepository. */
export type GitRef = {
  readonly branch?: string;
  readonly tag?: string;
  readonly semver?: string;
  readonly name?: string;
  readonly commit?: string;
};

/** What to look for at the remote. `ref`s are full names. */
export type RefChoice =
  /** `label` stands in the revision; `branch`, when there is one, must contain the commit. */
  | { readonly kind: "commit"; readonly commit: string; readonly label?: string; readonly absolute: boolean; readonly branch?: string }
  | { readonly kind: "name"; readonly ref: string }
  | { readonly kind: "tag"; readonly ref: string }
  | { readonly kind: "semver"; readonly range: string }
  | { readonly kind: "branch"; readonly ref: string };

const isSet = (text: string | undefined): text is string => text !== undefined && text !== "";

/** commit > name > tag > semver > branch; without anything the branch `master`. Source: reference 1.2. */
export function chooseRef(ref: GitRef = {}): RefChoice {
  const { branch, tag, semver, name, commit } = ref;
  const branchRef = isSet(branch) ? `refs/heads/${branch}` : undefined;
  if (isSet(commit)) {
    const label = isSet(name) ? name : branchRef;
    return { kind: "commit", commit, absolute: isSet(name), ...(label !== undefined && { label }), ...(branchRef !== undefined && { branch: branchRef }) };
  }
  if (isSet(name)) return { kind: "name", ref: name };
  if (isSet(tag)) return { kind: "tag", ref: `refs/tags/${tag}` };
  if (isSet(semver)) return { kind: "semver", range: semver };
  return { kind: "branch", ref: branchRef ?? "refs/heads/master" };
}

const FORBIDDEN = /\.\.|@\{|[\p{Cc} ~^:?*[\\]|\/\/|^\/|\/$|\.$|(?:^|\/)\.|\.lock(?:\/|$)/u;

/** True when git could hold a reference of that name. Source: git-check-ref-format. */
export const isRefName = (ref: string): boolean => ref !== "" && ref !== "@" && !ref.startsWith("-") && !FORBIDDEN.test(ref);
