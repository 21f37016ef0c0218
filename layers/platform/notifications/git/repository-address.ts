import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

export type RepositoryAddress = {
  /** `https://git.example.com:8443`: ssh is asked by https. */
  readonly origin: string;
  readonly host: string;
  /** `acme/team/shop`, decoded, without `.git`. */
  readonly id: string;
};

/** The address of a repository, as git takes it: a URL of http, https or ssh, or `git@host:owner/repository`. Source: reference 4.3.2. */
export function parseRepositoryAddress(address: string): Result<RepositoryAddress> {
  const scp = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(address);
  const text = scp === null ? address : `ssh://${scp[1]}/${scp[2]}`;
  const secure = text.replace(/^(?:git\+)?ssh:\/\//i, "https://");
  if (!/^https?:\/\/[^/?#]/i.test(secure) || !URL.canParse(secure))
    return problem(`failed parsing URL ${JSON.stringify(address)}: no http, https or ssh address of a repository`);
  const { protocol, host, pathname } = new URL(secure);
  const id = decoded(pathname.replace(/^\/+/, "").replace(/\.git$/, ""));
  if (id === undefined) return problem(`failed parsing URL ${JSON.stringify(address)}: invalid URL escape`);
  return ok({ origin: `${protocol}//${host}`, host, id });
}

/** The parts of `id`, exactly `count` of them where that is given. */
export function partsOf({ id }: RepositoryAddress, count?: number): Result<readonly string[]> {
  const parts = id.split("/");
  const fits = parts.length === (count ?? parts.length) && parts.every((part) => part !== "" && part !== "." && part !== "..");
  return fits ? ok(parts) : problem(`invalid repository id ${JSON.stringify(id)}`);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // A lone % sign.
    return undefined;
  }
}
