import type { Json } from "@sluice/engine/domain/json.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Http } from "@sluice/platform/kubernetes/http.ts";
import type { Request } from "@sluice/platform/kubernetes/request.ts";
import { createApi } from "../../../lib/local/sandbox/api.ts";
import { createBootstrapRoles } from "../../../lib/local/sandbox/authorization/bootstrap.ts";
import { createInitialObjects } from "../../../lib/local/sandbox/storage/initial-objects.ts";

const ADMINISTRATOR = { commonName: "kubernetes-admin", organizations: ["system:masters"] };

/** The sandbox's API server without network and without nodes, as its administrator; `seen` hears of every request and of the code of its answer. */
export function createApiHttp(clock: Clock, seen: (request: Request, code: number) => void): Http {
  const { store, answer } = createApi({ ...clock, address: () => "" });
  createInitialObjects(store, 443);
  createBootstrapRoles(store);
  return {
    send: async (request) => {
      const { method, path, body, contentType, accept, headers = {} } = request;
      const [folder = "", query = ""] = path.split("?");
      const response = answer({
        method,
        path: decodeURIComponent(folder),
        query: new URLSearchParams(query),
        headers: { ...headers, accept: accept ?? "application/json", ...(contentType !== undefined && { "content-type": contentType }) },
        body: Buffer.from(body ?? ""),
        certificate: ADMINISTRATOR,
      });
      if (response.kind === "stream") throw new Error(`nobody watches here: ${path}`);
      seen(request, response.code);
      return { code: response.code, headers: {}, body: response.kind === "json" ? JSON.stringify(response.body satisfies Json) : String(response.body) };
    },
    open: () => Promise.reject(new Error("nobody watches here")),
    sent: new Map(),
    close: () => {},
  };
}
