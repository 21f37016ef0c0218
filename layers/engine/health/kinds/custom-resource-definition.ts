import type { Health } from "../../domain/health.ts";
import { current, failed, inProgress } from "../answers.ts";
import type { Observed } from "../observed.ts";

/** The first condition that decides does: refused names, or established or not. */
export function customResourceDefinitionHealth({ conditions }: Observed): Health {
  for (const { type, status, reason, message } of conditions) {
    if (type === "NamesAccepted" && status === "False") return failed(message);
    if (type !== "Established") continue;
    if (status === "False" && reason !== "Installing") return failed(message);
    if (status === "True") return current("CRD is established");
  }
  return inProgress("Install in progress");
}
