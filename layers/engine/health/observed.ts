import type { JsonObject } from "../domain/json.ts";
import type { EpochMs } from "../domain/time.ts";
import type { HealthCondition } from "./fields.ts";

/** What a rule for one kind goes by. */
export type Observed = { readonly object: JsonObject; readonly conditions: readonly HealthCondition[]; readonly now: EpochMs };
