import { describe, expect, it } from "vitest";
import { defaultConfig } from "../../../../../../layers/engine/build/kustomize/config/default-config.ts";
import type { Image } from "../../../../../../layers/engine/build/kustomize/kustomization/kustomization.ts";
import { imagePattern, replaceImage } from "../../../../../../layers/engine/build/kustomize/transform/image-name.ts";
import { createImageTransformer } from "../../../../../../layers/engine/build/kustomize/transform/images.ts";
import { fieldAfter } from "./objects.ts";

const image = (given: Partial<Image>): Image => ({ name: "nginx", newName: "", newTag: "", tagSuffix: "", digest: "", ...given });

describe("names", () => {
  it.each([
    ["nginx", "nginx", true],
    ["nginx", "nginx:1.0", true],
    ["nginx", "nginx@sha256:ab", true],
    ["nginx", "nginx:1@sha256:ab", true],
    ["nginx", "nginx:", true],
    ["nginx", "nginx@sha512:ab", false],
    ["nginx", "my/nginx", false],
    ["nginx", "nginx2", false],
    ["nginx", "nginx:a b", false],
    ["nginx", "nginx:$TAG", false],
    ["nginx", "nginx:{TAG}", true],
    ["reg.io:5000/a", "reg.io:5000/a:1", true],
    ["reg.io/a", "regxio/a", true],
    ["n.*x", "nginx:1", true],
    ["a|nginx", "a-z", true],
    ["a|nginx", "my-nginx:1", true],
    ["", ":1", true],
    ["a.b", "a\nb", false],
  ])("%j is %j: %s", (name, reference, want) => {
    const pattern = imagePattern(name);
    expect(pattern.ok && pattern.value(reference)).toBe(want);
  });

  it("that are no expression", () => expect(imagePattern("a(").ok).toBe(false));
});

describe("references", () => {
  it.each<[string, Partial<Image>, string]>([
    ["nginx:1", { newTag: "2" }, "nginx:2"],
    ["nginx", { newTag: "2" }, "nginx:2"],
    ["nginx:1", { newName: "my/nginx" }, "my/nginx:1"],
    ["nginx:1", { digest: "sha256:ab" }, "nginx@sha256:ab"],
    ["nginx:1", { newTag: "2", digest: "sha256:ab" }, "nginx:2@sha256:ab"],
    ["nginx@sha256:cd", { newTag: "2" }, "nginx:2"],
    ["nginx:1@sha256:cd", { newName: "x" }, "x:1@sha256:cd"],
    ["nginx:1@sha256:cd", { digest: "sha256:ab" }, "nginx@sha256:ab"],
    ["nginx:1", { tagSuffix: "-b" }, "nginx:1-b"],
    ["nginx", { tagSuffix: "-b" }, "nginx:-b"],
    ["nginx:1@sha256:cd", { tagSuffix: "-b" }, "nginx:1-b"],
    ["nginx:1", { tagSuffix: "-b", newTag: "2" }, "nginx:2"],
    ["reg.io:5000/nginx", { newTag: "2" }, "reg.io:5000/nginx:2"],
    ["reg.io:5000/nginx:1@sha256:cd", { newName: "x" }, "x:1@sha256:cd"],
    ["nginx:", { newName: "x" }, "x"],
    ["nginx:1", {}, "nginx:1"],
  ])("%s with %j is %s", (reference, given, want) => expect(replaceImage(reference, image(given))).toBe(want));
});

describe("objects", () => {
  const object = (spec: string, kind = "Deployment", apiVersion = "apps/v1"): string =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\nspec: ${spec}\n`;
  const newTag = createImageTransformer({ image: image({ newTag: "2" }), fieldSpecs: defaultConfig().images });
  it.each<[string, string, string]>([
    [
      "containers",
      "{template: {spec: {containers: [{image: nginx}, {image: foo}, {}]}}}",
      '{"template":{"spec":{"containers":[{"image":"nginx:2"},{"image":"foo"},{}]}}}',
    ],
    ["containers anywhere", "{a: [{b: {initContainers: [{image: nginx}]}}]}", '{"a":[{"b":{"initContainers":[{"image":"nginx:2"}]}}]}'],
    ["containers in containers", "{containers: [{x: {containers: [{image: nginx}]}}]}", '{"containers":[{"x":{"containers":[{"image":"nginx:2"}]}}]}'],
    ["containers that are no list", "{a: {containers: {image: nginx}}}", '{"a":{"containers":{"image":"nginx"}}}'],
    ["other lists", "{foo: [{image: nginx}]}", '{"foo":[{"image":"nginx"}]}'],
    ["volumes", "{volumes: [{image: {reference: nginx}}]}", '{"volumes":[{"image":{"reference":"nginx:2"}}]}'],
    ["no container", "{containers: [null]}", '{"containers":[null]}'],
    ["a container that is a text", "{containers: [a]}", "wrong node kind: expected MappingNode but got ScalarNode: node contents:\na\n"],
    ["an image that is a list", "{containers: [{image: [a]}]}", "wrong node kind: expected ScalarNode but got SequenceNode: node contents:\n- a\n"],
  ])("%s", (_, spec, want) => expect(fieldAfter(newTag, object(spec), "spec")).toBe(want));

  it("definitions of resources are left alone", () =>
    expect(fieldAfter(newTag, object("{containers: [{image: nginx}]}", "CustomResourceDefinition", "apiextensions.k8s.io/v1"), "spec")).toBe(
      '{"containers":[{"image":"nginx"}]}',
    ));

  it("a suffix is added by both passes", () => {
    const suffix = createImageTransformer({ image: image({ tagSuffix: "-b" }), fieldSpecs: defaultConfig().images });
    expect(fieldAfter(suffix, object("{containers: [{image: nginx:1}]}"), "spec")).toBe('{"containers":[{"image":"nginx:1-b-b"}]}');
  });
});
