/** `owner/name` of a repository of GitHub, and where to ask. */
export type GitHubRepository = { readonly api: string; readonly owner: string; readonly name: string };
