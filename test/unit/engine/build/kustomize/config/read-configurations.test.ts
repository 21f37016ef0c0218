import { describe, expect, it } from "vitest";
import { readConfigurations } from "../../../../../../layers/engine/build/kustomize/config/read-configurations.ts";
import { loaderOf } from "./files.ts";

describe("configurations", () => {
  it("of several files are merged", () => {
    const files = {
      "a.yaml": "namePrefix:\n- path: spec/name\n  kind: Foo\n  create: true\nnameReference:\n- kind: Foo\n  fieldSpecs:\n  - {kind: Bar, path: spec/foo}\n",
      "b.yaml":
        "namePrefix:\n- path: spec/name\n  kind: Service\nnameReference:\n- kind: Foo\n  fieldSpecs:\n  - {kind: Baz, group: x.y, version: v1, path: spec/foo}\n",
    };
    const read = readConfigurations(["a.yaml", "b.yaml"], loaderOf(files));
    expect(read.ok && read.value.namePrefix).toEqual([
      { group: "", version: "", kind: "Service", path: "spec/name", create: false },
      { group: "", version: "", kind: "Foo", path: "spec/name", create: true },
    ]);
    expect(read.ok && read.value.nameReference).toEqual([
      {
        group: "",
        version: "",
        kind: "Foo",
        fieldSpecs: [
          { group: "", version: "", kind: "Bar", path: "spec/foo", create: false },
          { group: "x.y", version: "v1", kind: "Baz", path: "spec/foo", create: false },
        ],
      },
    ]);
    expect(read.ok && read.value.images).toEqual([]);
  });

  it.each([
    ["", ""],
    ["namePrefix:\n- path: a\n  foo: bar\n", 'error unmarshaling JSON: while decoding JSON: json: unknown field "foo"'],
    ["nameprefixes: []\n", 'error unmarshaling JSON: while decoding JSON: json: unknown field "nameprefixes"'],
    [
      "namePrefix: foo",
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go struct field TransformerConfig.namePrefix of type types.FsSlice",
    ],
    ["images:\n- {path: a}\n- {path: a, create: true}\n", "failed to merge Images fieldSpec: conflicting fieldspecs"],
  ])("%j: %s", (text, want) => {
    const read = readConfigurations(["a.yaml"], loaderOf({ "a.yaml": text }));
    expect(read.ok ? "" : read.problem.message).toBe(want);
    expect(read.ok || read.problem.at?.file).toBe(read.ok || "app/a.yaml");
  });

  it("a file that is not there", () => {
    const read = readConfigurations(["z.yaml"], loaderOf({}));
    expect(read.ok ? "" : read.problem.message).toBe("open /app/z.yaml: no such file or directory");
  });
});
