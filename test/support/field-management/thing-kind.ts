import type { ResourceKind } from "../../../lib/local/sandbox/kinds/kind.ts";
import type { Schema } from "../../../lib/local/sandbox/schema/schema.ts";
import { GROUP } from "./subjects.ts";

const string: Schema = { type: "string" };

/** The schema of the custom resource in subjects.ts, as the sandbox reads it from the CRD. */
export const thingKind: ResourceKind = {
  group: GROUP,
  version: "v1",
  kind: "Thing",
  listKind: "ThingList",
  plural: "things",
  singular: "thing",
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: [],
  hasStatus: true,
  columns: [],
  custom: true,
  schema: {
    type: "object",
    properties: {
      apiVersion: string,
      kind: string,
      metadata: { type: "object" },
      spec: {
        type: "object",
        properties: {
          text: { type: "string", nullable: true },
          count: { type: "integer" },
          port: { intOrString: true },
          atomicList: { type: "array", items: string },
          set: { type: "array", items: string, listType: "set" },
          keyed: {
            type: "array",
            listType: "map",
            listMapKeys: ["name", "protocol"],
            items: { type: "object", properties: { name: string, protocol: { type: "string", default: "TCP" }, value: string } },
          },
          atomicMap: { type: "object", additionalProperties: string, mapType: "atomic" },
          granular: { type: "object", additionalProperties: string },
          struct: { type: "object", properties: { x: string, y: string } },
          free: { type: "object", preserveUnknownFields: true },
          embedded: { type: "object", embeddedResource: true, preserveUnknownFields: true },
          withDefault: { type: "object", properties: { x: string, y: { type: "string", default: "why" } } },
        },
      },
      status: { type: "object", properties: { phase: string, list: { type: "array", items: string } } },
    },
  },
};
