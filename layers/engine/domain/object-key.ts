/** What names an object that we reconcile, across clusters. */
export type ObjectKey = {
  readonly cluster: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
};

/** `prod/Kustomization/flux-system/apps`: the message group of a queue, and how logs name an object. */
export const keyText = (key: ObjectKey): string => `${key.cluster}/${key.kind}/${key.namespace}/${key.name}`;
