import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { parseTime } from "@sluice/engine/domain/time.ts";
import { goJson } from "../message/go-json.ts";
import type { Sender } from "../sender.ts";
import { type CommitStatus, type Stage, sendsPending } from "./commit-status.ts";
import { type Api, ask, askForList, numberOf, textOf } from "./exchange.ts";
import { gitLabAccess, gitLabApi } from "./gitlab-access.ts";
import { createStatusSender, type Found, type StatusApi } from "./status-sender.ts";

/** GitLab's own `pending` is for what nobody has begun with. */
const STATE: { readonly [stage in Stage]: string } = { pending: "running", success: "success", failure: "failed" };

/** Recorded in providers/gitlab-*. */
export function createGitLabSender(): Sender {
  return createStatusSender({
    words: { unknownSeverity: "can't convert to gitlab state" },
    configure: (notification, world) => {
      const access = gitLabAccess(notification.provider);
      if (!access.ok) return access;
      const api = gitLabApi(access.value, notification, world);
      return { ok: true, value: async () => statusApi(api, access.value.path, sendsPending(notification.provider)) };
    },
  });
}

function statusApi(api: Api, path: string, hasPending: boolean): StatusApi {
  return {
    kind: "connected",
    find: async (status) => {
      const listed = await askForList(api, {
        path: `${path}/repository/commits/${status.commit}/statuses`,
        query: { name: status.id },
        failing: "unable to list commit status: ",
      });
      if (listed.kind !== "listed") return listed;
      const own = listed.items.filter((item) => textOf(item, "sha") === status.commit && textOf(item, "name") === status.id);
      return found(own, status, hasPending);
    },
    post: async (status) => {
      const answer = await ask(api, {
        method: "POST",
        path: `${path}/statuses/${status.commit}`,
        headers: { "content-type": "application/json" },
        body: goJson({
          state: STATE[status.stage],
          name: status.id,
          ...(status.targetUrl !== undefined && { target_url: status.targetUrl }),
          description: status.description,
        }),
        failing: "",
      });
      return answer.kind === "answered" ? undefined : answer;
    },
  };
}

/** Any equal one will do, as for Flux; but where statuses go back and forth between running and their end, only the newest says how it stands. */
function found(items: readonly JsonObject[], { stage, description }: CommitStatus, hasPending: boolean): Found {
  const newest = items.toSorted((a, b) => Number(numberOf(b, "id") ?? 0) - Number(numberOf(a, "id") ?? 0))[0];
  const looked = hasPending && newest !== undefined ? [newest] : items;
  const isSame = looked.some((item) => textOf(item, "status") === STATE[stage] && textOf(item, "description") === description);
  const endedAt = ["pending", STATE.pending].includes(textOf(newest, "status"))
    ? undefined
    : parseTime(textOf(newest, "finished_at") || textOf(newest, "created_at"));
  return { kind: "found", isSame, ...(endedAt !== undefined && { endedAt }) };
}
