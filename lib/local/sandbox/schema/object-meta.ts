import type { Schema } from "./schema.ts";

const STRING: Schema = { type: "string" };
const TIME: Schema = { type: "string", format: "date-time" };
const STRINGS: Schema = { type: "object", additionalProperties: STRING };

const OWNER: Schema = {
  type: "object",
  mapType: "atomic",
  required: ["apiVersion", "kind", "name", "uid"],
  properties: {
    apiVersion: STRING,
    blockOwnerDeletion: { type: "boolean" },
    controller: { type: "boolean" },
    kind: STRING,
    name: STRING,
    uid: STRING,
  },
};

const MANAGED_FIELDS: Schema = {
  type: "object",
  properties: {
    apiVersion: STRING,
    fieldsType: STRING,
    fieldsV1: { type: "object", preserveUnknownFields: true, mapType: "atomic" },
    manager: STRING,
    operation: STRING,
    subresource: STRING,
    time: TIME,
  },
};

/** metav1.ObjectMeta, the same in every kind. Source: `/openapi/v3` of kube-apiserver 1.35. */
export const OBJECT_META: Schema = {
  type: "object",
  properties: {
    annotations: STRINGS,
    creationTimestamp: { ...TIME, nullable: true },
    deletionGracePeriodSeconds: { type: "integer", format: "int64" },
    deletionTimestamp: { ...TIME, nullable: true },
    finalizers: { type: "array", items: STRING, listType: "set", patchStrategy: "merge" },
    generateName: STRING,
    generation: { type: "integer", format: "int64" },
    labels: STRINGS,
    managedFields: { type: "array", items: MANAGED_FIELDS, listType: "atomic" },
    name: STRING,
    namespace: STRING,
    ownerReferences: { type: "array", items: OWNER, listType: "map", listMapKeys: ["uid"], patchStrategy: "merge", patchMergeKey: "uid" },
    resourceVersion: STRING,
    selfLink: STRING,
    uid: STRING,
  },
};

/** The fields that every object has, whatever a CRD says of them. */
export const TYPE_AND_META: { readonly [field: string]: Schema } = { apiVersion: STRING, kind: STRING, metadata: OBJECT_META };
