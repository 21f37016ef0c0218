import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { KindFacts } from "@sluice/engine/ports/kinds.ts";
import type { Http } from "@sluice/platform/kubernetes/http.ts";
import { collectionPath, query } from "@sluice/platform/kubernetes/paths.ts";
import { parseJson, parseRefusal } from "@sluice/platform/kubernetes/status.ts";

export type Watched = { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: Manifest };

/**
 * Objects of a kind as they are and as they become, until the server or `signal` ends the stream: what somebody looks at on a terminal, without
 * the new beginnings of a host that must miss nothing. Throws with the server's words when it refuses.
 */
export async function watchOnce(
  http: Http,
  kind: KindFacts,
  namespace: string | undefined,
  onEvent: (event: Watched) => void,
  signal: AbortSignal,
): Promise<void> {
  const path = collectionPath(kind, namespace) + query({ watch: "true", allowWatchBookmarks: "true" });
  const answer = await http.open({ method: "GET", path }, signal);
  answer.setEncoding("utf8");
  let rest = "";
  try {
    for await (const part of answer) {
      rest += String(part);
      if (answer.statusCode !== 200) continue;
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) tell(parseJson(line), kind, onEvent);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (answer.statusCode !== 200)
    throw new Error(parseRefusal({ code: answer.statusCode ?? 0, headers: answer.headers, body: rest }, `WATCH ${kind.plural}`).message);
}

function tell(event: Json | undefined, { apiVersion, kind }: KindFacts, onEvent: (event: Watched) => void): void {
  if (!isObject(event) || !isObject(event.object)) return;
  const { type, object } = event;
  if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED") return;
  onEvent({ type, object: { apiVersion, kind, ...object } as unknown as Manifest }); // parsed here: the API server's own answer
}
