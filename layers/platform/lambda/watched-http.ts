import type { Log } from "@sluice/engine/ports/log.ts";
import { type Http, NoAnswer, pathOnly } from "../kubernetes/http.ts";
import type { Request, Response } from "../kubernetes/request.ts";
import { isStatus } from "../kubernetes/status.ts";

export type WatchedHttpOptions = {
  readonly server: string;
  readonly log: Log;
  /** A person may have to look at it. Told once for each time that it begins. */
  readonly onUnreachable: () => void;
  /** Where the server is, and who we are, should be asked anew. Told once; the connections are closed when the last request has ended. */
  readonly onLost: () => void;
  /** The server does not serve a version that discovery named. */
  readonly onNotServed: () => void;
};

/** So many in a row, and no answer of another kind between them: nothing is allowed any more, and not just this or that. */
const ALL_FORBIDDEN = 5;

/** Notices when a cluster is lost to us: it does not answer, it does not know our token, or it forbids whatever we ask. */
export function watchedHttp(http: Http, options: WatchedHttpOptions): Http {
  const { server, log } = options;
  let lost = false;
  let underWay = 0;
  let forbidden = 0;

  function lose(message: string, fields: Parameters<Log["error"]>[1]): void {
    if (lost) return;
    lost = true;
    log.error(message, { server, ...fields });
    options.onUnreachable();
    options.onLost();
  }

  function judge(request: Request, answer: Response): void {
    if (answer.code === 401) {
      lose("cluster does not know our token", { code: 401, hint: "is there an access entry for the role of this function?" });
      return;
    }
    if (isNotServed(request, answer)) options.onNotServed();
    // A tenant's user may be allowed nothing; that says nothing about ours.
    if (request.headers?.["impersonate-user"] !== undefined) return;
    forbidden = answer.code === 403 ? forbidden + 1 : 0;
    if (forbidden !== ALL_FORBIDDEN) return;
    log.error("cluster forbids whatever we ask", { server, code: 403, hint: "has the access entry of this function's role lost its policy or groups?" });
    options.onUnreachable();
  }

  async function send(request: Request, signal?: AbortSignal): Promise<Response> {
    underWay++;
    try {
      const answer = await http.send(request, signal);
      judge(request, answer);
      return answer;
    } catch (error) {
      // That our own time is over says nothing about the cluster.
      if (error instanceof NoAnswer && signal?.aborted !== true) lose("cluster does not answer", { error: error.message });
      throw error;
    } finally {
      underWay--;
      if (lost && underWay === 0) http.close();
    }
  }

  return { ...http, send };
}

/** An API server speaks of a missing object in a Status; of a path that it does not have in plain words. Discovery asks for such paths to find out. */
const isNotServed = (request: Request, { code, body }: Response): boolean =>
  code === 404 && !isStatus(body) && !/^\/(?:api|apis)(?:\/[^/]+){0,2}$/.test(pathOnly(request));
