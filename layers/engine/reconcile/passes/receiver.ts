import { parseReceiver } from "../../flux/receiver-object.ts";
import { reconcileReceiver } from "../receiver.ts";
import type { Pass } from "./pass.ts";

export const passReceiver: Pass = async (deps, manifest) => {
  const parsed = parseReceiver(manifest);
  return parsed.ok ? reconcileReceiver(deps, parsed.value) : { kind: "malformed", problem: parsed.problem };
};
