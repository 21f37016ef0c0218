import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { parseFieldSelector, parseLabelSelector } from "../../../../../lib/local/sandbox/resources/selectors.ts";

const object = (labels: { readonly [key: string]: string }): Manifest => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-1", namespace: "apps", labels },
});

describe("label selectors", () => {
  const labels = { app: "web", tier: "front", size: "5" };
  it.each<[string, boolean]>([
    ["", true],
    ["app=web", true],
    ["app==web", true],
    ["app=api", false],
    ["app!=api", true],
    ["none!=api", true],
    ["app!=web", false],
    ["app", true],
    ["none", false],
    ["!none", true],
    ["!app", false],
    ["app in (api, web)", true],
    ["app in (api)", false],
    ["none in (web)", false],
    ["app notin (api)", true],
    ["none notin (web)", true],
    ["app notin (web)", false],
    ["size>4", true],
    ["size > 5", false],
    ["size<6", true],
    ["app=web,tier=front", true],
    ["app=web,tier=back", false],
    ["app=", false],
    ["app in (web,),!none", true],
  ])("%s → %s", (text, want) => {
    const parsed = parseLabelSelector(text);
    expect(parsed.ok && parsed.value(object(labels))).toBe(want);
  });

  it.each<[string, string]>([
    ["a in", "unable to parse requirement: found '' expected: '('"],
    ["a in (b", "unable to parse requirement: found '', expected: ',' or ')'"],
    ["=a", "found '=', expected: !, identifier, or 'end of string'"],
    ["a=b,", "found '', expected: identifier after ','"],
    ["a=b c", "found 'c', expected: ',' or 'end of string'"],
    ["a>x", "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"],
  ])("%s is refused", (text, problem) => expect(parseLabelSelector(text)).toEqual({ ok: false, problem }));

  it("names a key that cannot be one", () => {
    const parsed = parseLabelSelector("a/b/c");
    expect(!parsed.ok && parsed.problem).toMatch(/^unable to parse requirement: <nil>: Invalid value: "a\/b\/c": a valid label key must consist of/);
  });
});

describe("field selectors", () => {
  const pod: Manifest = { ...object({}), spec: { nodeName: "n1" }, status: { phase: "Running" } };
  const kind = { group: "", kind: "Pod", namespaced: true, custom: false };
  it.each<[string, boolean]>([
    ["metadata.name=web-1", true],
    ["metadata.name=web-2", false],
    ["metadata.namespace!=apps", false],
    ["spec.nodeName=n1,status.phase!=Failed", true],
    ["status.phase=Failed", false],
    ["status.podIP=", true],
    ["spec.hostNetwork=false", true],
  ])("%s → %s", (text, want) => {
    const parsed = parseFieldSelector(kind, text);
    expect(parsed.ok && parsed.value(pod)).toBe(want);
  });

  it("reads an event's source where it stands, in the old form and in the new", () => {
    const event = { group: "", kind: "Event", namespaced: true, custom: false };
    const parsed = parseFieldSelector(event, "source=kustomize-controller");
    const old: Manifest = { apiVersion: "v1", kind: "Event", metadata: {}, source: { component: "kustomize-controller" } };
    const now: Manifest = { apiVersion: "v1", kind: "Event", metadata: {}, reportingComponent: "kustomize-controller" };
    expect(parsed.ok && [parsed.value(old), parsed.value(now), parsed.value(pod)]).toEqual([true, true, false]);
  });

  it.each<[string, { group: string; kind: string; namespaced: boolean; custom: boolean }, string]>([
    ["foo", kind, "invalid selector: 'foo'; can't understand 'foo'"],
    ["foo=bar", kind, "field label not supported: foo"],
    [
      "foo=bar",
      { group: "", kind: "ConfigMap", namespaced: true, custom: false },
      '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    [
      "spec.a=b",
      { group: "x.io", kind: "Pod", namespaced: true, custom: true },
      '"spec.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
  ])("%s is refused", (text, of, problem) => expect(parseFieldSelector(of, text)).toEqual({ ok: false, problem }));
});
