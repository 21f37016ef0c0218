import type { HelmStoredRelease } from "../../../domain/helm-release.ts";
import { createClientSideWriter } from "./client-side-writer.ts";
import type { Run } from "./run.ts";
import { createServerSideWriter } from "./server-side-writer.ts";
import type { Writer } from "./writer.ts";

/** Whether the revision behind `last` is applied by the server: `auto` stays with how it was. */
export const isServerSide = (mode: "enabled" | "disabled" | "auto", last: HelmStoredRelease): boolean =>
  mode === "auto" ? last.apply_method === "ssa" : mode === "enabled";

/** Hooks are applied without taking fields of others. Source: Helm 4, pkg/action/hooks.go. */
export const hookWriter = (run: Run, isServerSide: boolean): Writer =>
  isServerSide
    ? createServerSideWriter(run.cluster, { force: false, takeUpdates: false })
    : createClientSideWriter(run.cluster, { force: false, owner: undefined, resumed: run.resumed });
