import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { createGitSenders } from "@sluice/platform/notifications/git/git-senders.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNotification, worldOf } from "../../../../support/notifications/notification.ts";
import { type StartedGitServer, startGitServer } from "../../../../support/notifications/start-git-server.ts";

const SHA = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334";
const STATUSES = `/api/v3/repos/acme/shop/commits/${SHA}/statuses?per_page=50`;
const DEPLOYMENTS = "/api/v3/repos/acme/shop/deployments";
const LIST = `${DEPLOYMENTS}?task=kustomization%2Fbackend%2F0f2b3c4d&environment=prod&per_page=100`;
const TASK = "kustomization/backend/0f2b3c4d";

const world = worldOf();
let git: StartedGitServer;
let senders: ReturnType<typeof createGitSenders>;

beforeEach(async () => {
  git = await startGitServer();
  senders = createGitSenders();
});
afterEach(() => git.web.close());

const SUCCEEDED = { reason: "ReconciliationSucceeded", severity: "info" } as const;
const FAILED = { reason: "HealthCheckFailed", severity: "error" } as const;
const PROGRESSING = { reason: "Progressing", severity: "info" } as const;

type Given = { readonly event: Partial<NotifiedEvent>; readonly annotations?: { readonly [name: string]: string }; readonly statusId?: string };

function send({ event, annotations = {}, statusId = TASK }: Given): Promise<NotifierAnswer> {
  const notification = aNotification({
    provider: { type: "github", address: `${git.web.url}/acme/shop`, statusId, annotations: { "sluice.dev/deployments": "enabled", ...annotations } },
    secrets: { token: "ghp_1" },
    event: { metadata: { revision: `main@sha1:${SHA}` }, ...event },
  });
  return senders.github(notification, world);
}

const states = (): readonly unknown[] =>
  git.deploymentStatuses.map(({ deployment, state }) => `${git.deployments.findIndex(({ id }) => id === deployment)} ${state}`);

const at = (commit: string, second: number): Pick<NotifiedEvent, "metadata" | "timestamp"> => ({
  metadata: { revision: `main@sha1:${commit.repeat(40)}` },
  timestamp: `2026-01-02T03:04:0${second}Z`,
});

describe("deployments on GitHub", () => {
  it("are created once for a commit, behind its status", async () => {
    expect(await send({ event: SUCCEEDED, annotations: { "sluice.dev/target-url": "https://ci.example.com/1?a=b" } })).toEqual({ kind: "sent" });
    expect(git.lines).toEqual([
      `GET ${STATUSES}`,
      `POST /api/v3/repos/acme/shop/statuses/${SHA} {"state":"success","target_url":"https://ci.example.com/1?a=b","description":"reconciliation succeeded","context":"${TASK}"}`,
      `GET ${LIST}`,
      `POST ${DEPLOYMENTS} {"ref":"${SHA}","task":"${TASK}","auto_merge":false,"required_contexts":[],"environment":"prod","description":"Kustomization/apps/backend","payload":{"timestamp":"2026-01-02T03:04:05Z"}}`,
      `GET ${LIST}`,
      `POST ${DEPLOYMENTS}/${git.deployments[0]?.id}/statuses {"state":"success","log_url":"https://ci.example.com/1?a=b","description":"reconciliation succeeded","auto_inactive":false}`,
    ]);
  });

  it("go from in_progress to their end, and nothing is said twice", async () => {
    for (const event of [PROGRESSING, PROGRESSING, FAILED, FAILED, SUCCEEDED, SUCCEEDED]) expect(await send({ event })).toEqual({ kind: "sent" });
    expect(git.deployments.length).toBe(1);
    expect(states()).toEqual(["0 in_progress", "0 failure", "0 success"]);
    // Without the annotation for pending ones, the commit's status is as Flux has it.
    expect(git.statuses.map(({ state }) => state)).toEqual(["failure", "success"]);
  });

  it("show each failure once", async () => {
    for (const reason of ["BuildFailed", "HealthCheckFailed", "HealthCheckFailed"]) await send({ event: { reason, severity: "error" } });
    expect(git.deploymentStatuses.map(({ description }) => description)).toEqual(["build failed", "health check failed"]);
  });

  it("are one for each object, and none ends for another object's sake", async () => {
    for (const statusId of [TASK, "kustomization/frontend/0f2b3c4d", TASK, "kustomization/frontend/0f2b3c4d"]) await send({ event: SUCCEEDED, statusId });
    expect(git.deployments.map(({ task }) => task)).toEqual([TASK, "kustomization/frontend/0f2b3c4d"]);
    expect(states()).toEqual(["0 success", "1 success"]);
  });

  it("are not put back on their way by what happened in the second of their end", async () => {
    git.now = "2026-01-02T03:04:05Z";
    for (const event of [SUCCEEDED, PROGRESSING]) await send({ event: { ...event, timestamp: "2026-01-02T03:04:05Z" } });
    expect(states()).toEqual(["0 success"]);
  });

  it("are not put back on their way by what came late", async () => {
    await send({ event: { ...SUCCEEDED, timestamp: "2026-01-02T03:04:05Z" } });
    expect(await send({ event: { ...PROGRESSING, timestamp: "2026-01-02T03:04:01Z" } })).toMatchObject({ kind: "dropped" });
    expect(states()).toEqual(["0 success"]);
    git.now = "2026-01-02T04:00:01Z";
    expect(await send({ event: { ...PROGRESSING, timestamp: "2026-01-02T04:00:00Z" } })).toEqual({ kind: "sent" });
    expect(states()).toEqual(["0 success", "0 in_progress"]);
  });

  /** A commit with what came of it; the seconds at which it happened, in the order in which it arrives. */
  type Step = readonly [commit: "a" | "b" | "c", event: typeof SUCCEEDED | typeof FAILED | typeof PROGRESSING, second: number];
  it.each<{ readonly name: string; readonly steps: readonly Step[]; readonly commits: string; readonly want: readonly string[] }>([
    {
      name: "the one before ends when one succeeds",
      steps: [
        ["a", SUCCEEDED, 1],
        ["b", PROGRESSING, 2],
        ["b", SUCCEEDED, 3],
        ["c", SUCCEEDED, 4],
      ],
      commits: "abc",
      want: ["0 success", "1 in_progress", "1 success", "0 inactive", "2 success", "1 inactive"],
    },
    {
      name: "what failed ends nothing, and is not ended",
      steps: [
        ["a", SUCCEEDED, 1],
        ["b", FAILED, 2],
        ["c", SUCCEEDED, 3],
      ],
      commits: "abc",
      want: ["0 success", "1 failure", "2 success", "0 inactive"],
    },
    {
      name: "what was on its way when another commit came arrives no more",
      steps: [
        ["a", SUCCEEDED, 1],
        ["b", PROGRESSING, 2],
        ["c", SUCCEEDED, 3],
      ],
      commits: "abc",
      want: ["0 success", "1 in_progress", "2 success", "0 inactive", "1 inactive"],
    },
    {
      name: "going back to a commit is a deployment of its own",
      steps: [
        ["a", SUCCEEDED, 1],
        ["b", SUCCEEDED, 2],
        ["a", PROGRESSING, 3],
        ["a", SUCCEEDED, 4],
        ["a", SUCCEEDED, 4],
      ],
      commits: "aba",
      want: ["0 success", "1 success", "0 inactive", "2 in_progress", "2 success", "1 inactive"],
    },
    {
      name: "what is said again of an earlier one changes nothing",
      steps: [
        ["a", SUCCEEDED, 1],
        ["b", SUCCEEDED, 2],
        ["a", SUCCEEDED, 1],
        ["b", SUCCEEDED, 5],
      ],
      commits: "ab",
      want: ["0 success", "1 success", "0 inactive"],
    },
    {
      name: "an end that arrives after the next one's is ended at once",
      steps: [
        ["a", PROGRESSING, 1],
        ["b", PROGRESSING, 3],
        ["a", SUCCEEDED, 2],
        ["b", SUCCEEDED, 4],
      ],
      commits: "ab",
      want: ["0 in_progress", "1 in_progress", "0 success", "1 success", "0 inactive"],
    },
    {
      name: "a success that arrives after the next one's does not end it",
      steps: [
        ["a", FAILED, 1],
        ["b", SUCCEEDED, 3],
        ["a", SUCCEEDED, 2],
      ],
      commits: "ab",
      want: ["0 failure", "1 success", "0 success", "0 inactive"],
    },
    {
      name: "two commits within a second are two",
      steps: [
        ["a", PROGRESSING, 1],
        ["b", PROGRESSING, 1],
        ["a", SUCCEEDED, 1],
        ["b", SUCCEEDED, 1],
        ["a", SUCCEEDED, 1],
      ],
      commits: "ab",
      want: ["0 in_progress", "1 in_progress", "0 success", "1 success", "0 inactive"],
    },
    {
      name: "a commit that has been followed is not begun",
      steps: [
        ["b", SUCCEEDED, 3],
        ["a", SUCCEEDED, 2],
      ],
      commits: "b",
      want: ["0 success"],
    },
    {
      name: "the end may arrive before what led to it",
      steps: [
        ["c", SUCCEEDED, 1],
        ["a", SUCCEEDED, 3],
        ["a", PROGRESSING, 2],
      ],
      commits: "ca",
      want: ["0 success", "1 success", "0 inactive"],
    },
  ])("of one object: $name", async ({ steps, commits, want }) => {
    for (const [commit, event, second] of steps) await send({ event: { ...event, ...at(commit, second) } });
    expect(git.deployments.map(({ sha }) => String(sha)[0]).join("")).toBe(commits);
    expect(states()).toEqual(want);
  });

  it("end by a handful of requests, however many there were", async () => {
    for (let id = 1; id <= 40; id++) git.deployments.push({ id, sha: "a".repeat(40), task: TASK, environment: "prod", created_at: "2026-01-01T00:00:00Z" });
    await send({ event: SUCCEEDED });
    expect(git.lines.filter((line) => /deployments\/\d+\/statuses/.test(line)).length).toBe(10);
  });

  it("are looked for no further back than the one that was ended last", async () => {
    for (const [commit, second] of [
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ] as const)
      await send({ event: { ...SUCCEEDED, ...at(commit, second) } });
    git.lines.length = 0;
    await send({ event: { ...SUCCEEDED, ...at("c", 3) } });
    const asked = git.lines.flatMap((line) => /^GET .*deployments\/(\d+)\/statuses/.exec(line)?.[1] ?? []);
    expect(asked.map((id) => git.deployments.findIndex((each) => String(each.id) === id))).toEqual([2, 1]);
  });

  it("are one, with its end, where all that happened to it is delivered at once", async () => {
    const events = [SUCCEEDED, PROGRESSING, PROGRESSING, SUCCEEDED].map((event) => ({ ...event, ...at("a", 1) }));
    await Promise.all(events.map((event) => send({ event, annotations: { "sluice.dev/commit-status": "pending" } })));
    expect([git.deployments.length, states(), git.statuses.map(({ state }) => state)]).toEqual([1, ["0 success"], ["success"]]);
  });

  it("are told of one after the other, whatever becomes of the one before", async () => {
    git.failing = (line) => (line.startsWith("GET /api/v3/repos/acme/shop/commits/aaaa") ? { status: 503, text: "" } : undefined);
    const failed = send({ event: { ...SUCCEEDED, ...at("a", 1) } });
    expect(await send({ event: { ...SUCCEEDED, ...at("b", 2) } })).toEqual({ kind: "sent" });
    expect(await failed).toMatchObject({ kind: "unavailable" });
  });

  it("are one where two were made at the same moment: the younger ends, and what is said goes to the older", async () => {
    let times = 0;
    git.failing = (line) => {
      if (line.startsWith(`POST ${DEPLOYMENTS} `) && times++ === 0) git.deployments.push({ id: 5, sha: SHA, ref: SHA, task: TASK, environment: "prod" });
      return undefined;
    };
    await send({ event: SUCCEEDED });
    expect(states()).toEqual(["1 inactive", "0 success"]);
    await send({ event: SUCCEEDED });
    expect(git.deployments.length).toBe(2);
    expect(git.deploymentStatuses.length).toBe(2);
  });

  it("are the same one for everybody should there be two", async () => {
    for (const id of [30, 9]) git.deployments.push({ id, sha: SHA, ref: SHA, task: TASK, environment: "prod" });
    await send({ event: SUCCEEDED });
    expect(git.deploymentStatuses.map(({ deployment }) => deployment)).toEqual([9]);
  });

  /** The server does it, and its answer is lost: for each of the requests that write. */
  it.each([
    `POST /api/v3/repos/acme/shop/statuses`,
    `POST ${DEPLOYMENTS} `,
    `POST ${DEPLOYMENTS}/`,
  ])("are not doubled when the answer to %s is lost", async (lost) => {
    let times = 0;
    git.failing = (line) => (line.startsWith(lost) && times++ === 0 ? { status: 502, text: "", after: true } : undefined);
    expect(await send({ event: SUCCEEDED })).toMatchObject({ kind: "unavailable" });
    expect(await send({ event: SUCCEEDED })).toEqual({ kind: "sent" });
    expect([git.statuses.length, git.deployments.length, git.deploymentStatuses.length]).toEqual([1, 1, 1]);
  });

  /** The last delivery is cut off at each of its requests, before and after the server did what it was asked, and comes again. */
  it.each([false, true])("end what came before, wherever the delivery of a success is cut off (done: %s)", async (after) => {
    for (let cut = 0; ; cut++) {
      await git.web.close();
      git = await startGitServer();
      for (const [commit, event, second] of [
        ["a", SUCCEEDED, 1],
        ["b", PROGRESSING, 2],
      ] as const)
        await send({ event: { ...event, ...at(commit, second) } });
      let requests = 0;
      git.failing = () => (requests++ === cut ? { status: 502, text: "", after } : undefined);
      const { kind } = await send({ event: { ...SUCCEEDED, ...at("c", 3) } });
      if (kind === "sent") return expect(cut).toBeGreaterThan(8);
      expect(await send({ event: { ...SUCCEEDED, ...at("c", 3) } })).toEqual({ kind: "sent" });
      expect({ cut, states: states() }).toEqual({ cut, states: ["0 success", "1 in_progress", "2 success", "0 inactive", "1 inactive"] });
    }
  });

  it.each([
    [`GET ${DEPLOYMENTS}`, "could not list deployments: GET $LIST: 403 Resource not accessible by integration []"],
    [`POST ${DEPLOYMENTS} `, `could not create deployment: POST $URL${DEPLOYMENTS}: 403 Resource not accessible by integration []`],
  ])("say what was refused: %s", async (refused, message) => {
    git.failing = (line) => (line.startsWith(refused) ? { status: 403, json: { message: "Resource not accessible by integration" } } : undefined);
    const want = message.replace("$LIST", `${git.web.url}${LIST}`).replace("$URL", git.web.url);
    expect(await send({ event: SUCCEEDED })).toEqual({ kind: "refused", message: want });
  });

  it("are of commits: what is on its way without one is nothing", async () => {
    expect(await send({ event: { ...PROGRESSING, metadata: { revision: "1.2.3" } } })).toMatchObject({ kind: "dropped" });
    expect(git.lines).toEqual([]);
  });

  it("are a Provider's choice", async () => {
    expect(await send({ event: SUCCEEDED, annotations: { "sluice.dev/deployments": "yes" } })).toEqual({
      kind: "misconfigured",
      message: 'invalid annotation sluice.dev/deployments: expected "enabled", got "yes"',
    });
    expect(git.lines).toEqual([]);
  });
});
