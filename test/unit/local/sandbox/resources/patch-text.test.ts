import { expect, it } from "vitest";
import { patchedText } from "../../../../../lib/local/sandbox/resources/patch-text.ts";

const object = { kind: "ConfigMap", apiVersion: "v1", metadata: { uid: "u", labels: { z: "1", a: "2" }, name: "a" }, data: { y: "1", b: "2" } };

it.each([
  [
    "untouched metadata in the order of the type",
    { data: {} },
    '{"apiVersion":"v1","data":{"b":"2","y":"1"},"kind":"ConfigMap","metadata":{"name":"a","uid":"u","labels":{"z":"1","a":"2"}}}',
  ],
  [
    "touched metadata sorted",
    { metadata: { labels: {} } },
    '{"apiVersion":"v1","data":{"y":"1","b":"2"},"kind":"ConfigMap","metadata":{"labels":{"a":"2","z":"1"},"name":"a","uid":"u"}}',
  ],
  [
    "a JSON patch reaches as far as its paths",
    [{ op: "add", path: "/metadata/name", value: "b" }],
    '{"apiVersion":"v1","data":{"y":"1","b":"2"},"kind":"ConfigMap","metadata":{"labels":{"z":"1","a":"2"},"name":"a","uid":"u"}}',
  ],
])("%s", (_, patch, want) => expect(patchedText(object, patch)).toBe(want));
