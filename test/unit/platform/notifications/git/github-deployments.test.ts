import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { createGitSenders } from "@sluice/platform/notifications/git/git-senders.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type StartedGitServer, startGitServer } from "../../../../support/notifications/start-git-server.ts";
import { aNotification, worldOf } from "../notification.ts";

const SHA = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334";
const STATUSES = `/api/v3/repos/acme/shop/commits/${SHA}/statuses?per_page=50`;
const DEPLOYMENTS = "/api/v3/repos/acme/shop/deployments";
const LIST = `${DEPLOYMENTS}?sha=${SHA}&task=kustomization%2Fbackend%2F0f2b3c4d&environment=prod&per_page=100`;
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

describe("deployments on GitHub", () => {
  it("are created once for a commit, behind its status", async () => {
    expect(await send({ event: SUCCEEDED, annotations: { "sluice.dev/target-url": "https://ci.example.com/1?a=b" } })).toEqual({ kind: "sent" });
    expect(git.lines).toEqual([
      `GET ${STATUSES}`,
      `POST /api/v3/repos/acme/shop/statuses/${SHA} {"state":"success","target_url":"https://ci.example.com/1?a=b","description":"reconciliation succeeded","context":"${TASK}"}`,
      `GET ${LIST}`,
      `POST ${DEPLOYMENTS} {"ref":"${SHA}","task":"${TASK}","auto_merge":false,"required_contexts":[],"environment":"prod","description":"Kustomization/apps/backend"}`,
      `GET ${LIST}`,
      `POST ${DEPLOYMENTS}/${git.deployments[0]?.id}/statuses {"state":"success","log_url":"https://ci.example.com/1?a=b","description":"reconciliation succeeded","auto_inactive":true}`,
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

  it("are one for each object, and stay as they are when GitHub ends them for another's sake", async () => {
    await send({ event: SUCCEEDED });
    await send({ event: SUCCEEDED, statusId: "kustomization/frontend/0f2b3c4d" });
    await send({ event: SUCCEEDED });
    await send({ event: SUCCEEDED, statusId: "kustomization/frontend/0f2b3c4d" });
    expect(git.deployments.map(({ task }) => task)).toEqual([TASK, "kustomization/frontend/0f2b3c4d"]);
    expect(states()).toEqual(["0 success", "0 inactive", "1 success"]);
  });

  it("are one for each commit", async () => {
    await send({ event: SUCCEEDED });
    await send({ event: { ...SUCCEEDED, metadata: { revision: "main@sha1:ffffc3d4e5f60718293a4b5c6d7e8f9001122334" } } });
    expect(git.deployments.map(({ ref }) => ref)).toEqual([SHA, "ffffc3d4e5f60718293a4b5c6d7e8f9001122334"]);
  });

  it("are not put back on their way by what came late", async () => {
    await send({ event: { ...SUCCEEDED, timestamp: "2026-01-02T03:04:05Z" } });
    expect(await send({ event: { ...PROGRESSING, timestamp: "2026-01-02T03:04:01Z" } })).toMatchObject({ kind: "dropped" });
    expect(states()).toEqual(["0 success"]);
    git.now = "2026-01-02T04:00:01Z";
    expect(await send({ event: { ...PROGRESSING, timestamp: "2026-01-02T04:00:00Z" } })).toEqual({ kind: "sent" });
    expect(states()).toEqual(["0 success", "0 in_progress"]);
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
