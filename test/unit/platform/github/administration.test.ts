import { secret } from "@sluice/engine/domain/secret.ts";
import { seconds } from "@sluice/engine/domain/time.ts";
import { createGitHubAdministration, type GitHubAdministration } from "@sluice/platform/github/administration.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GitHubServer, type Refused, startGitHubServer } from "../../../support/github/github-server.ts";

const HOOK = { url: "https://hooks.example.com/github", events: ["push"], secret: secret("hook-canary") };

describe("what is set up at GitHub", () => {
  let server: GitHubServer;
  beforeAll(async () => {
    server = await startGitHubServer();
  });
  afterAll(() => server.close());

  const gitHub = (token = server.token): GitHubAdministration =>
    createGitHubAdministration({ http: createHttp(), api: `${server.url}/api/v3`, token: secret(token), timeout: seconds(20), now: () => 0 });

  it.each([
    { owner: "acme", personal: false, visibility: "internal" as const, want: "internal" },
    { owner: "acme", personal: false, visibility: "public" as const, want: "public" },
    { owner: "octocat", personal: true, visibility: "private" as const, want: "private" },
    { owner: "octocat", personal: true, visibility: "public" as const, want: "public" },
  ])("$owner's new repository is $visibility", async ({ owner, personal, visibility, want }) => {
    const name = `new-${visibility}`;
    expect(await gitHub().find(owner, name)).toEqual({ kind: "no-such-repository" });
    expect(await gitHub().create({ owner, name, visibility, personal })).toEqual({ kind: "repository", visibility: want });
    expect(await gitHub().find(owner, name)).toEqual({ kind: "repository", visibility: want });
  });

  it("changes who may see it", async () => {
    await server.create("acme/seen");
    expect(await gitHub().setVisibility("acme", "seen", "public")).toEqual({ kind: "repository", visibility: "public" });
    expect(server.repositories.get("acme/seen")?.visibility).toBe("public");
  });

  it("writes a webhook, and finds it among hundreds", async () => {
    await server.create("acme/many");
    for (let id = 1; id <= 250; id++)
      server.repositories.get("acme/many")?.hooks.push({ id, name: "web", active: true, events: ["*"], config: { url: `https://other/${id}` } });
    expect(await gitHub().writeWebhook("acme", "many", HOOK)).toEqual({ kind: "written" });
    const listed = await gitHub().webhooks("acme", "many");
    if (listed.kind === "failed") throw new Error(listed.message);
    expect(listed.webhooks).toHaveLength(251);
    const ours = { id: 251, url: HOOK.url, contentType: "json", events: ["push"], active: true, verifiesTls: true, hasSecret: true };
    expect(listed.webhooks.at(-1)).toEqual(ours);
    expect(listed.webhooks[0]).toMatchObject({ contentType: "form", hasSecret: false });
    expect(await gitHub().writeWebhook("acme", "many", { ...HOOK, events: ["push", "ping"] }, 251)).toEqual({ kind: "written" });
    expect(server.repositories.get("acme/many")?.hooks[250]).toMatchObject({ events: ["push", "ping"], config: { secret: "hook-canary", insecure_ssl: "0" } });
  });

  it("says what GitHub has against it", async () => {
    await server.create("acme/there");
    const twice = { owner: "acme", name: "there", visibility: "private" as const, personal: false };
    expect(await gitHub().create(twice)).toMatchObject({ message: "422: Repository creation failed.: name already exists on this account" });
    expect(await gitHub().create({ ...twice, owner: "nobody" })).toMatchObject({ kind: "failed", why: "not-found", message: "404: Not Found" });
    expect(await gitHub("wrong").login()).toMatchObject({ kind: "failed", why: "authentication", message: "authentication required: Bad credentials" });
    expect(await gitHub().login()).toEqual({ kind: "login", login: "octocat" });
  });

  it.each<{ what: string; refused: Refused; want: object }>([
    {
      what: "no right",
      refused: { status: 403, body: { message: "Resource not accessible by personal access token" } },
      want: { why: "forbidden", message: "authorization failed: Resource not accessible by personal access token" },
    },
    {
      what: "used up",
      refused: { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "60" }, body: { message: "API rate limit exceeded" } },
      want: { why: "rate-limited", message: "GitHub's rate limit is used up, again at 1970-01-01T00:01:00Z: API rate limit exceeded" },
    },
    {
      what: "too fast",
      refused: { status: 429, headers: { "retry-after": "30" }, body: { message: "secondary rate limit" } },
      want: { why: "rate-limited", message: "GitHub's rate limit is used up, again at 1970-01-01T00:00:30Z: secondary rate limit" },
    },
    {
      what: "down",
      refused: { status: 502, body: { message: "Server Error" } },
      want: { why: "protocol", message: expect.stringContaining("502: Server Error") },
    },
    {
      what: "sends back what it was sent",
      refused: { status: 422, body: { message: "Validation Failed", errors: [{ message: "secret hook-canary of ghp_canary0123456789abcdef is bad" }] } },
      want: { message: "422: Validation Failed: secret *** of *** is bad" },
    },
  ])("a webhook is refused: $what", async ({ refused, want }) => {
    await server.create("acme/refused");
    server.refusals.set("POST /repos/acme/refused/hooks", refused);
    expect(await gitHub().writeWebhook("acme", "refused", HOOK)).toMatchObject({ kind: "failed", ...want });
  });

  it("no webhooks are to be seen", async () => {
    expect(await gitHub().webhooks("acme", "nothing")).toMatchObject({ kind: "failed", why: "not-found", message: "404: Not Found" });
  });
});
