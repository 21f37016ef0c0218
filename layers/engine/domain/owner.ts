const GROUP = "kustomize.toolkit.fluxcd.io";

/** A Kustomization or HelmRelease as its objects name it. */
export type Owner = { readonly name: string; readonly namespace: string };

export const OWNER_NAME = `${GROUP}/name`;
export const OWNER_NAMESPACE = `${GROUP}/namespace`;

/** The labels that every object of a Kustomization carries, and by which it finds them again. Source: reference 2.6.1. */
export const ownerLabels = ({ name, namespace }: Owner): { readonly [label: string]: string } => ({ [OWNER_NAME]: name, [OWNER_NAMESPACE]: namespace });

/** The same as a selector for a LIST. */
export const ownerSelector = ({ name, namespace }: Owner): string => `${OWNER_NAME}=${name},${OWNER_NAMESPACE}=${namespace}`;

const RELEASE_GROUP = "helm.toolkit.fluxcd.io";

export const ORIGIN_NAME = `${RELEASE_GROUP}/name`;
export const ORIGIN_NAMESPACE = `${RELEASE_GROUP}/namespace`;

/** As a selector the labels that every object of a HelmRelease carries. Source: reference 3.9. */
export const originSelector = ({ name, namespace }: Owner): string => `${ORIGIN_NAME}=${name},${ORIGIN_NAMESPACE}=${namespace}`;
