import { isLessThan } from "../order/gvk-order.ts";
import { sortAsGo } from "../order/sort-as-go.ts";
import type { TransformerConfig } from "./config.ts";

/** Each list in the order in which kustomize works it off: by kind. Source: kustomize builtinconfig, sortFields. */
export const sortConfig = (config: TransformerConfig): TransformerConfig => ({
  namePrefix: sortAsGo(config.namePrefix, isLessThan),
  nameSuffix: sortAsGo(config.nameSuffix, isLessThan),
  namespace: sortAsGo(config.namespace, isLessThan),
  commonLabels: sortAsGo(config.commonLabels, isLessThan),
  labels: sortAsGo(config.labels, isLessThan),
  templateLabels: sortAsGo(config.templateLabels, isLessThan),
  commonAnnotations: sortAsGo(config.commonAnnotations, isLessThan),
  nameReference: sortAsGo(config.nameReference, isLessThan),
  varReference: sortAsGo(config.varReference, isLessThan),
  images: sortAsGo(config.images, isLessThan),
  replicas: sortAsGo(config.replicas, isLessThan),
});
