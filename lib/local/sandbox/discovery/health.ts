import { type ApiResponse, text } from "../http/request.ts";

const CHECKS = ["ping", "log", "etcd"];
const NAMES: { readonly [path: string]: string } = { "/livez": "livez", "/readyz": "readyz", "/healthz": "healthz" };

/** /livez, /readyz, /healthz, `?verbose`, and each check under a path of its own. The sandbox is healthy whenever it answers. */
export function answerHealth(path: string, query: URLSearchParams): ApiResponse | undefined {
  const name = NAMES[path];
  if (name !== undefined) return text(200, query.has("verbose") ? `${CHECKS.map((check) => `[+]${check} ok\n`).join("")}${name} check passed\n` : "ok");
  const [, root = "", check = "", ...more] = path.split("/");
  return NAMES[`/${root}`] !== undefined && more.length === 0 && CHECKS.includes(check) ? text(200, "ok") : undefined;
}
