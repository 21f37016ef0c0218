import type { EpochMs, Milliseconds } from "../domain/time.ts";

/** A moment as Go prints it, in UTC, with how long its process has been running: `2026-01-02 03:04:05.123 +0000 UTC m=+12.345000000`. Source: Go, time.Time.String. */
export function goTimeText(moment: EpochMs, running: Milliseconds): string {
  const [day = "", time = ""] = new Date(moment).toISOString().replace("Z", "").split("T");
  const [clock = "", fraction = ""] = time.split(".");
  const shown = fraction.replace(/0+$/, "");
  return `${day} ${clock}${shown === "" ? "" : `.${shown}`} +0000 UTC m=+${(running / 1000).toFixed(9)}`;
}
