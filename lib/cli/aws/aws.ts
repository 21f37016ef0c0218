import type { Secret } from "@sluice/engine/domain/secret.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { ObjectItem } from "@sluice/engine/domain/work-item.ts";
import type { LogLine } from "@sluice/platform/cloudwatch-logs/read-lines.ts";
import type { Installation } from "@sluice/platform/ssm/installation.ts";
import type { InstallationAnswer } from "@sluice/platform/ssm/read-installation.ts";

/** What the command line asks of an installation on AWS, in one region, as the person who types. */
export type Aws = {
  readInstallation(cluster: string): Promise<InstallationAnswer | Trouble>;
  /** Asks for a look at once. */
  send(installation: Installation, item: ObjectItem): Promise<{ readonly kind: "sent" } | Trouble>;
  countWaiting(queueUrl: string): Promise<{ readonly kind: "counted"; readonly messages: number } | Trouble>;
  readSecret(id: string): Promise<{ readonly kind: "read"; readonly secret: Secret } | Trouble>;
  /** The bytes of an artifact in the installation's bucket. */
  readArtifact(bucket: string, key: string): Promise<{ readonly kind: "read"; readonly bytes: Uint8Array } | { readonly kind: "absent" } | Trouble>;
  /** Of all groups together, in order of time. */
  readLines(wanted: {
    readonly groups: readonly string[];
    readonly from: EpochMs;
    readonly until: EpochMs;
  }): Promise<{ readonly kind: "lines"; readonly lines: readonly LogLine[] } | Trouble>;
};

/** AWS did not answer, or not this caller; in its own words. */
export type Trouble = { readonly kind: "trouble"; readonly message: string };
