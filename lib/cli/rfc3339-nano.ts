import type { EpochMs } from "@sluice/engine/domain/time.ts";

/** The moment as Go's RFC3339Nano writes it in UTC: no zeros at the end of the fraction, and no fraction of zero. */
export const rfc3339Nano = (moment: EpochMs): string => new Date(moment).toISOString().replace(/\.?0*Z$/, "Z");
