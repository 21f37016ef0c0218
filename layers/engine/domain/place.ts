/** Where a person must look: a file of the tree, `line` from 1, `field` a path such as `spec.template.spec.containers[0].image`. */
export type Place = { readonly file: string; readonly line?: number | undefined; readonly field?: string | undefined };

/** `app/web.yaml:12 (spec.template)` */
export const placeText = ({ file, line, field }: Place): string =>
  `${file}${line === undefined ? "" : `:${line}`}${field === undefined || field === "" ? "" : ` (${field})`}`;
