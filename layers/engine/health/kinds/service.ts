import type { Health } from "../../domain/health.ts";
import { current, inProgress } from "../answers.ts";
import { textAt } from "../fields.ts";
import type { Observed } from "../observed.ts";

/** An external address is not waited for. */
export function serviceHealth({ object }: Observed): Health {
  const waits = textAt(object, "spec.type", "ClusterIP") === "LoadBalancer" && textAt(object, "spec.clusterIP", "") === "";
  return waits ? inProgress("ClusterIP not set. Service type: LoadBalancer") : current("Service is ready");
}
