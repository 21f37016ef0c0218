import type { GitRepository } from "./git-repository-object.ts";
import type { Kustomization } from "./kustomization-object.ts";

/**
 * The fields of an object that ask for something Sluice does not do yet, each with its path: never ignored in silence, the object is
 * Stalled with a message that names them. One line per field; a line goes when its issue is done.
 */
export const unsupportedFields = (object: GitRepository | Kustomization): readonly string[] =>
  object.kind === "GitRepository" ? unsupportedInGit(object.spec) : unsupportedInKustomization(object.spec);

const unsupportedInGit = (spec: GitRepository["spec"]): readonly string[] =>
  named([
    [/^ssh:/i.test(spec.url), "spec.url (ssh)"],
    [spec.provider === "aws" || spec.provider === "azure", `spec.provider (${spec.provider})`],
    [spec.serviceAccountName !== undefined, "spec.serviceAccountName"],
    [spec.verify !== undefined, "spec.verify"],
    [spec.recurseSubmodules, "spec.recurseSubmodules"],
  ]);

const unsupportedInKustomization = (spec: Kustomization["spec"]): readonly string[] =>
  named([
    [spec.decryption !== undefined, "spec.decryption"],
    [spec.kubeConfig !== undefined, "spec.kubeConfig"],
  ]);

type Row = readonly [isAsked: boolean, path: string];
const named = (rows: readonly Row[]): readonly string[] => rows.filter(([isAsked]) => isAsked).map(([, path]) => path);
