import { onFirstUse } from "../../../tables/on-first-use.ts";
import * as builtIn from "./built-in-fields.ts";
import { nameReferences } from "./built-in-name-references.ts";
import { varReferences } from "./built-in-var-references.ts";
import type { TransformerConfig } from "./config.ts";
import { sortConfig } from "./sort-config.ts";

/** What nothing has been added to. */
export const emptyConfig: TransformerConfig = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  commonAnnotations: [],
  nameReference: [],
  varReference: [],
  images: [],
  replicas: [],
};

/** What every kustomization starts with. Source: kustomize builtinconfig.MakeDefaultConfig. */
export const defaultConfig: () => TransformerConfig = onFirstUse(() =>
  sortConfig({
    ...emptyConfig,
    namePrefix: builtIn.NAME_PREFIX,
    nameSuffix: builtIn.NAME_SUFFIX,
    namespace: builtIn.NAMESPACE,
    commonLabels: builtIn.COMMON_LABELS,
    templateLabels: builtIn.TEMPLATE_LABELS,
    commonAnnotations: builtIn.COMMON_ANNOTATIONS,
    nameReference: nameReferences(),
    varReference: varReferences(),
    images: builtIn.IMAGES,
    replicas: builtIn.REPLICAS,
  }),
);
