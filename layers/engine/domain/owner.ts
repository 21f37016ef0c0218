const GROUP = "kustomize.toolkit.fluxcd.io";

/** A Kustomization as its objects name it. */
export type Owner = { readonly name: string; readonly namespace: string };

export const OWNER_NAME = `${GROUP}/name`;
export const OWNER_NAMESPACE = `${GROUP}/namespace`;

/** The labels that every object of a Kustomization carries, and by which it finds them again. Source: reference 2.6.1. */
export const ownerLabels = ({ name, namespace }: Owner): { readonly [label: string]: string } => ({ [OWNER_NAME]: name, [OWNER_NAMESPACE]: namespace });

/** The same as a selector for a LIST. */
export const ownerSelector = ({ name, namespace }: Owner): string => `${OWNER_NAME}=${name},${OWNER_NAMESPACE}=${namespace}`;
