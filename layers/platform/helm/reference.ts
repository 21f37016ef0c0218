import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

/** What a registry knows a chart by. `host` is where it is asked, `shown` the reference without its scheme. */
export type Reference = { readonly host: string; readonly repository: string; readonly tag: string | undefined; readonly shown: string };

const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d+)?$/;

/** `oci://host/path[:tag]`; a `+` in a version is `_` in its tag. Source: Helm 4, pkg/registry/reference.go; distribution spec, names. */
export function parseReference(text: string): Result<Reference> {
  const bare = text.replace(/^oci:\/\//, "");
  const slash = bare.indexOf("/");
  const registry = slash < 0 ? bare : bare.slice(0, slash);
  const rest = slash < 0 ? "" : bare.slice(slash + 1);
  const colon = rest.lastIndexOf(":");
  const repository = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1).replaceAll("+", "_");
  if (rest === "") return problem("invalid reference: missing registry or repository");
  if (!HOST.test(registry)) return problem(`invalid reference: invalid registry ${JSON.stringify(registry)}`);
  if (!REPOSITORY.test(repository)) return problem(`invalid reference: invalid repository ${JSON.stringify(repository)}`);
  if (tag !== undefined && !TAG.test(tag)) return problem(`invalid reference: invalid tag ${JSON.stringify(tag)}`);
  // Docker's own registry answers under another name.
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  return ok({ host, repository, tag, shown: `${registry}/${repository}${tag === undefined ? "" : `:${tag}`}` });
}
