import type { EpochMs } from "../domain/time.ts";

export type Clock = { now(): EpochMs };
