import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { createMemory, type Revised } from "../../../../../lib/local/sandbox/storage/memory.ts";

const MAPS = { group: "", plural: "configmaps" };
const SECRETS = { group: "", plural: "secrets" };
const map = (namespace: string, name: string, data = "1"): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace, name, uid: `${namespace}/${name}` },
  data: { data },
});
const line = ({ type, object }: Revised): string => `${type} ${object.metadata.name}@${object.metadata.resourceVersion}`;

describe("memory", () => {
  it("numbers every write, of whatever resource", () => {
    const memory = createMemory();
    const versions = [memory.put(MAPS, map("a", "x")), memory.put(SECRETS, map("a", "x")), memory.put(MAPS, map("a", "x", "2"))].map(
      ({ metadata }) => metadata.resourceVersion,
    );
    expect([...versions, memory.revision()]).toEqual(["1", "2", "3", 3]);
  });

  it("lists by namespace and name as etcd's keys do", () => {
    const memory = createMemory();
    for (const [namespace, name] of [
      ["b", "a"],
      ["a", "z"],
      ["a", "b"],
      ["a-b", "c"],
    ] as const)
      memory.put(MAPS, map(namespace, name));
    const names = (namespace?: string): readonly string[] => memory.list(MAPS, namespace).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect([names(), names("a"), names("c")]).toEqual([["a-b/c", "a/b", "a/z", "b/a"], ["a/b", "a/z"], []]);
  });

  it("finds by uid until the object is gone", () => {
    const memory = createMemory();
    memory.put(MAPS, map("a", "x"));
    expect(memory.getByUid("a/x")?.object.metadata.name).toBe("x");
    memory.remove(MAPS, "a", "x");
    expect([memory.getByUid("a/x"), memory.get(MAPS, "a", "x"), memory.remove(MAPS, "a", "x")]).toEqual([undefined, undefined, undefined]);
  });

  it("tells listeners of creations, changes and deletions, each with what was before", () => {
    const memory = createMemory();
    const heard: string[] = [];
    const stop = memory.listen((change) => heard.push(`${line(change)} before ${change.before?.metadata.resourceVersion}`));
    memory.put(MAPS, map("a", "x"));
    memory.put(MAPS, map("a", "x", "2"));
    memory.remove(MAPS, "a", "x");
    stop();
    memory.put(MAPS, map("a", "y"));
    expect(heard).toEqual(["created x@1 before undefined", "updated x@2 before 1", "deleted x@3 before 2"]);
  });

  it("remembers a resource's changes after a revision", () => {
    const memory = createMemory();
    for (const name of ["a", "b", "c"]) memory.put(MAPS, map("n", name));
    memory.put(SECRETS, map("n", "s"));
    expect(memory.changesAfter(1, MAPS)?.map(line)).toEqual(["created b@2", "created c@3"]);
    expect(memory.changesAfter(4, MAPS)).toEqual([]);
  });

  it("says so when it has forgotten", () => {
    const memory = createMemory({ history: 2 });
    for (const name of ["a", "b", "c", "d", "e"]) memory.put(MAPS, map("n", name));
    expect([memory.changesAfter(1, MAPS), memory.changesAfter(3, MAPS)?.map(line)]).toEqual([undefined, ["created d@4", "created e@5"]]);
  });
});
