import { expect, it } from "vitest";
import { negotiate } from "../../../../../lib/local/sandbox/http/negotiate.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

it.each<[string | undefined, string]>([
  [undefined, "application/json object"],
  ["", "application/json object"],
  ["*/*", "application/json object"],
  ["application/yaml", "application/yaml object"],
  [`${TABLE},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`, "application/json table"],
  ["application/json;as=Table;v=v2;g=meta.k8s.io,application/json", "application/json object"],
  ["application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "application/json metadata"],
  ["application/vnd.kubernetes.protobuf,application/json", "application/json object"],
  ["application/vnd.kubernetes.protobuf, */*", "application/json object"],
])("%s → %s", (accept, want) => {
  const accepted = negotiate(accept);
  expect(accepted.ok && `${accepted.value.mediaType} ${accepted.value.form}`).toBe(want);
});

it.each(["application/vnd.kubernetes.protobuf", "text/html", "application/json;as=Nothing;v=v1;g=meta.k8s.io"])("%s is not acceptable", (accept) => {
  const accepted = negotiate(accept);
  expect(!accepted.ok && [accepted.problem.code, accepted.problem.reason]).toEqual([406, "NotAcceptable"]);
});
