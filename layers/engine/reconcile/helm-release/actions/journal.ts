import type { HelmStoredRelease } from "../../../domain/helm-release.ts";
import { formatInstant } from "../../../domain/time.ts";
import type { Clock } from "../../../ports/clock.ts";

/** What one call of an action leaves for the HelmRelease: revisions that it wrote, and the last lines that Helm would have logged. */
export type Journal = {
  log(message: string, attributes?: { readonly [name: string]: string | number | boolean }): void;
  wrote(release: HelmStoredRelease): void;
  logs(): readonly string[];
  /** Newest first. */
  releases(): readonly HelmStoredRelease[];
};

/** Flux keeps so many. Source: helm-controller, internal/action/log.go. */
const LINES = 10;

export function createJournal(clock: Clock): Journal {
  const lines: string[] = [];
  const written = new Map<number, HelmStoredRelease>();
  return {
    log: (message, attributes = {}) => {
      lines.push(`${formatInstant(clock.now())}: ${message}: ${JSON.stringify(attributes)}`);
      if (lines.length > LINES) lines.shift();
    },
    wrote: (release) => void written.set(release.version, release),
    logs: () => [...lines],
    releases: () => [...written.values()].toSorted((a, b) => b.version - a.version),
  };
}
