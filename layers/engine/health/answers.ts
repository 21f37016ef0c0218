import type { Health } from "../domain/health.ts";

export const current = (message: string): Health => ({ kind: "current", message });
export const inProgress = (message: string): Health => ({ kind: "in-progress", message });
export const failed = (message: string): Health => ({ kind: "failed", message });
export const unknown = (message: string): Health => ({ kind: "unknown", message });

/** The server has no such object. */
export const ABSENT: Health = { kind: "absent", message: "Resource not found" };
