import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { parseTime } from "@sluice/engine/domain/time.ts";
import { goJson } from "../message/go-json.ts";
import type { Sender } from "../sender.ts";
import type { CommitStatus, Stage } from "./commit-status.ts";
import { type Api, ask, askForList, textOf } from "./exchange.ts";
import { connectGitea, giteaAccess } from "./gitea-access.ts";
import { createStatusSender, type Found, type StatusApi } from "./status-sender.ts";

const STATE: { readonly [stage in Stage]: string } = { pending: "pending", success: "success", failure: "failure" };
const JSON_TYPE = { "content-type": "application/json" };

/** The only one that Flux itself sends pending statuses to. Recorded in providers/gitea-*. */
export function createGiteaSender(): Sender {
  return createStatusSender({
    words: { unknownSeverity: "can't convert to gitea state" },
    hasPending: true,
    configure: (notification, world) => {
      const access = giteaAccess(notification.provider);
      if (!access.ok) return access;
      return {
        ok: true,
        value: async () => {
          const connected = await connectGitea(access.value, notification, world);
          return connected.kind === "connected" ? statusApi(connected.api, access.value.path) : connected;
        },
      };
    },
  });
}

function statusApi(api: Api, path: string): StatusApi {
  return {
    kind: "connected",
    find: async (status) => {
      const listed = await askForList(api, {
        path: `${path}/commits/${status.commit}/statuses`,
        query: { limit: "50", page: "1" },
        headers: JSON_TYPE,
        failing: "could not list commit statuses: ",
      });
      return listed.kind === "listed" ? newestOf(listed.items, status) : listed;
    },
    post: async (status) => {
      const body = goJson({ state: STATE[status.stage], target_url: status.targetUrl ?? "", description: status.description, context: status.id });
      const answer = await ask(api, { method: "POST", path: `${path}/statuses/${status.commit}`, headers: JSON_TYPE, body, failing: "" });
      return answer.kind === "answered" ? undefined : answer;
    },
  };
}

/** Gitea lists the newest first. Its state is named `status` in answers. */
function newestOf(items: readonly JsonObject[], { id, stage, description }: CommitStatus): Found {
  const newest = items.find((item) => textOf(item, "context") === id && stateOf(item) !== "" && textOf(item, "description") !== "");
  if (newest === undefined) return { kind: "found", isSame: false };
  const endedAt = stateOf(newest) === STATE.pending ? undefined : parseTime(textOf(newest, "created_at"));
  const isSame = stateOf(newest) === STATE[stage] && textOf(newest, "description") === description;
  return { kind: "found", isSame, ...(endedAt !== undefined && { endedAt }) };
}

const stateOf = (item: JsonObject): string => textOf(item, "status");
