import { minutes, ms, seconds } from "@sluice/engine/domain/time.ts";
import type { GitRemote, GitRemotes, GitTarget, ResolveAnswer } from "@sluice/engine/ports/git-remote.ts";
import { createImpatientRemotes } from "@sluice/engine/reconcile/sweep/impatient-remotes.ts";
import { Wanted } from "@sluice/engine/reconcile/sweep/read-only.ts";
import { expect, it } from "vitest";

const HEAD = { kind: "found", commit: "a".repeat(40) } as const;
const LATE = { kind: "failed", why: "timeout", message: "context deadline exceeded" } as const;

/** Remotes that answer as their URLs say. */
function createWorld(answers: { readonly [url: string]: ResolveAnswer }) {
  const opened: GitTarget[] = [];
  const git: GitRemotes = {
    open: (target) => {
      opened.push(target);
      const remote: Pick<GitRemote, "resolve" | "tags"> = {
        resolve: async () => answers[target.url] ?? LATE,
        tags: async () => LATE,
      };
      return remote as GitRemote;
    },
  };
  const remotes = createImpatientRemotes(git);
  return { opened, ask: (url: string, timeout = minutes(10)) => remotes.open({ url, timeout }).resolve("refs/heads/main"), remotes };
}

it.each([
  [minutes(10), seconds(5)],
  [ms(100), ms(100)],
])("waits no longer than a look may, whatever the source says: %s", async (timeout, want) => {
  const world = createWorld({ "https://up": HEAD });
  expect(await world.ask("https://up", timeout)).toEqual(HEAD);
  expect(world.opened).toEqual([{ url: "https://up", timeout: want }]);
});

it("leaves it to their function to say that one does not answer for as long as its source waits", async () =>
  await expect(createWorld({}).ask("https://slow")).rejects.toThrow(Wanted));

it("asks nobody any more when many do not answer: their function does", async () => {
  const world = createWorld({ "https://up": HEAD, "https://gone": { kind: "failed", why: "not-found", message: "gone" } });
  for (let asked = 0; asked < 30; asked++) expect((await world.ask("https://gone")).kind).toBe("failed");
  for (let asked = 0; asked < 23; asked++) expect(await world.ask("https://down", seconds(5))).toEqual(LATE);
  expect(await world.ask("https://up")).toEqual(HEAD);
  await expect(world.remotes.open({ url: "https://down", timeout: minutes(1) }).tags()).rejects.toThrow(Wanted);
  await expect(world.ask("https://up")).rejects.toThrow("many others");
});
