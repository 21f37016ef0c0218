import type { EpochMs } from "../domain/time.ts";
import type { WorkItem } from "../domain/work-item.ts";

/** Hands work to whoever runs it. Items of one object never run side by side. */
export type Queue = { send(item: WorkItem, options?: { readonly notBefore?: EpochMs }): Promise<void> };
