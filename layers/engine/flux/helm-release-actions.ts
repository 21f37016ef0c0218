import { type Milliseconds, minutes } from "../domain/time.ts";
import { createReader, ignore, type Reader } from "./reader.ts";

/** What happens when an action fails: what `remediation` says, between attempts; or another upgrade after a while, for ever. */
export type FailureStrategy = { readonly name: "RemediateOnFailure" } | { readonly name: "RetryOnFailure"; readonly retryInterval: Milliseconds };

export type Remediation = {
  /** Attempts after the first; negative: without end. */
  readonly retries: number;
  readonly ignoreTestFailures: boolean;
  readonly remediateLastFailure: boolean;
  readonly strategy: "rollback" | "uninstall";
};

export type CrdPolicy = "Skip" | "Create" | "CreateReplace";

type Waiting = {
  readonly timeout: Milliseconds;
  readonly disableHooks: boolean;
  readonly disableWait: boolean;
  readonly disableWaitForJobs: boolean;
};

type Applying = Waiting & {
  readonly strategy: FailureStrategy;
  readonly remediation: Remediation;
  readonly disableOpenApiValidation: boolean;
  readonly disableSchemaValidation: boolean;
  readonly disableTakeOwnership: boolean;
  readonly crds: CrdPolicy;
};

/** `install`, `upgrade`, `test`, `rollback`, `uninstall` of a HelmRelease, with all of Flux's defaults. Source: reference 3.1. */
export type HelmReleaseActions = {
  readonly install: Applying & { readonly replace: boolean; readonly createNamespace: boolean; readonly serverSideApply: boolean };
  readonly upgrade: Applying & {
    readonly force: boolean;
    readonly preserveValues: boolean;
    readonly cleanupOnFail: boolean;
    readonly serverSideApply: "enabled" | "disabled" | "auto";
    readonly chartNameChangeStrategy: "Reinstall" | "InPlaceUpdate";
  };
  readonly test: {
    readonly enable: boolean;
    readonly timeout: Milliseconds;
    readonly ignoreFailures: boolean;
    readonly filters: readonly { readonly name: string; readonly exclude: boolean }[];
  };
  readonly rollback: Waiting & { readonly cleanupOnFail: boolean; readonly force: boolean; readonly serverSideApply: "enabled" | "disabled" | "auto" };
  readonly uninstall: {
    readonly timeout: Milliseconds;
    readonly disableHooks: boolean;
    readonly disableWait: boolean;
    readonly keepHistory: boolean;
    readonly deletionPropagation: "background" | "foreground" | "orphan";
  };
};

const RETRY_INTERVAL = minutes(5);
const APPLY = ["enabled", "disabled", "auto"] as const;

/** What is not written is what an empty map says. */
export function readActions(spec: Reader, timeout: Milliseconds): HelmReleaseActions {
  const part = <Value>(field: string, read: (reader: Reader) => Value): Value => spec.child(field, read) ?? read(EMPTY);
  const test = part("test", (reader) => readTest(reader, timeout));
  return {
    install: part("install", (install) => ({
      ...readApplying(install, timeout, test.ignoreFailures, "install"),
      crds: install.oneOf("crds", ["Skip", "Create", "CreateReplace"]) ?? (install.flag("skipCRDs") ? "Skip" : "Create"),
      replace: install.flag("replace"),
      createNamespace: install.flag("createNamespace"),
      serverSideApply: install.someFlag("serverSideApply") ?? true,
    })),
    upgrade: part("upgrade", (upgrade) => ({
      ...readApplying(upgrade, timeout, test.ignoreFailures, "upgrade"),
      crds: upgrade.oneOf("crds", ["Skip", "Create", "CreateReplace"]) ?? "Create",
      force: upgrade.flag("force"),
      preserveValues: upgrade.flag("preserveValues"),
      cleanupOnFail: upgrade.flag("cleanupOnFail"),
      serverSideApply: upgrade.oneOf("serverSideApply", APPLY) ?? "auto",
      chartNameChangeStrategy: upgrade.oneOf("chartNameChangeStrategy", ["Reinstall", "InPlaceUpdate"]) ?? "Reinstall",
    })),
    test,
    rollback: part("rollback", (rollback) => ({
      ...readWaiting(rollback, timeout),
      cleanupOnFail: rollback.flag("cleanupOnFail"),
      force: rollback.flag("force"),
      serverSideApply: rollback.oneOf("serverSideApply", APPLY) ?? "auto",
    })),
    uninstall: part("uninstall", (uninstall) => ({
      timeout: uninstall.duration("timeout") ?? timeout,
      disableHooks: uninstall.flag("disableHooks"),
      disableWait: uninstall.flag("disableWait"),
      keepHistory: uninstall.flag("keepHistory"),
      deletionPropagation: uninstall.oneOf("deletionPropagation", ["background", "foreground", "orphan"]) ?? "background",
    })),
  };
}

const EMPTY = createReader({}, "", ignore);

const readWaiting = (action: Reader, timeout: Milliseconds): Waiting => ({
  timeout: action.duration("timeout") ?? timeout,
  disableHooks: action.flag("disableHooks"),
  disableWait: action.flag("disableWait"),
  disableWaitForJobs: action.flag("disableWaitForJobs"),
});

const readApplying = (action: Reader, timeout: Milliseconds, ignoreTestFailures: boolean, kind: "install" | "upgrade"): Omit<Applying, "crds"> => ({
  ...readWaiting(action, timeout),
  strategy: action.child("strategy", readStrategy) ?? { name: "RemediateOnFailure" },
  remediation: readRemediation(action.child("remediation", (remediation) => remediation) ?? EMPTY, ignoreTestFailures, kind),
  disableOpenApiValidation: action.flag("disableOpenAPIValidation"),
  disableSchemaValidation: action.flag("disableSchemaValidation"),
  disableTakeOwnership: action.flag("disableTakeOwnership"),
});

const readStrategy = (strategy: Reader): FailureStrategy => {
  const name = strategy.requiredOneOf("name", ["RemediateOnFailure", "RetryOnFailure"]);
  return name === "RetryOnFailure" ? { name, retryInterval: strategy.duration("retryInterval") ?? RETRY_INTERVAL } : { name };
};

/** An install that failed is always taken away again; the last failure of an upgrade is remediated where there were retries. */
function readRemediation(remediation: Reader, ignoreTestFailures: boolean, kind: "install" | "upgrade"): Remediation {
  const retries = remediation.whole("retries") ?? 0;
  return {
    retries,
    ignoreTestFailures: remediation.someFlag("ignoreTestFailures") ?? ignoreTestFailures,
    remediateLastFailure: remediation.someFlag("remediateLastFailure") ?? (kind === "upgrade" && retries > 0),
    strategy: kind === "install" ? "uninstall" : (remediation.oneOf("strategy", ["rollback", "uninstall"]) ?? "rollback"),
  };
}

const readTest = (test: Reader, timeout: Milliseconds): HelmReleaseActions["test"] => ({
  enable: test.flag("enable"),
  timeout: test.duration("timeout") ?? timeout,
  ignoreFailures: test.flag("ignoreFailures"),
  filters: test.list("filters", (filter) => ({ name: filter.requiredText("name"), exclude: filter.flag("exclude") })),
});
