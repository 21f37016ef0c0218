import type { Json } from "@sluice/engine/domain/json.ts";
import { startWebServer, type WebServer } from "../git/web-server.ts";
import { createGitServer, type GitAnswer, type GitRequest, type GitServer } from "./git-server.ts";

export type StartedGitServer = GitServer & {
  readonly web: WebServer;
  /** What came, one line each: `POST /repos/acme/shop/deployments {"ref":…}`. */
  readonly lines: string[];
  /** Answers of its own come before the server's; undefined: the server's. With `after`, the server does what it is asked, and that is answered. */
  failing: (line: string) => (GitAnswer & { readonly after?: boolean }) | undefined;
  /** When what is written now is written, RFC 3339. */
  now: string;
};

/** The git server of `git-server.ts` on loopback. `now` where time goes on by itself. */
export async function startGitServer({ now }: { readonly now?: () => string } = {}): Promise<StartedGitServer> {
  const lines: string[] = [];
  const kept = createGitServer({ now: now ?? (() => started.now) });
  const web = await startWebServer((seen, response) => {
    const url = new URL(seen.url, "http://git.test");
    const body: Json | undefined = seen.body === "" ? undefined : JSON.parse(seen.body);
    const request: GitRequest = { method: seen.method, path: url.pathname, query: url.searchParams, body };
    const line = `${seen.method} ${seen.url}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`;
    lines.push(line);
    const failure = started.failing(line);
    const answer = failure === undefined || failure.after === true ? kept.answer(request) : failure;
    const { status, json, text, headers } = failure ?? answer;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text ?? (json === undefined ? "" : JSON.stringify(json)));
  });
  const started: StartedGitServer = { ...kept, web, lines, failing: () => undefined, now: "2026-01-02T03:04:06Z" };
  return started;
}
