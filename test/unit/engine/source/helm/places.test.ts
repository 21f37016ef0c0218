import { humanSize } from "@sluice/engine/reconcile/helm-repository/human-size.ts";
import { packArtifact } from "@sluice/engine/source/archive.ts";
import { filesBelow, openArtifactFiles } from "@sluice/engine/source/helm/artifact-files.ts";
import { checkChartName } from "@sluice/engine/source/helm/chart-reference.ts";
import { dependencyUrl } from "@sluice/engine/source/helm/dependencies.ts";
import { hostOf, indexUrl, normalizeRepositoryUrl, registryRepository, resolveChartUrl } from "@sluice/engine/source/helm/repository-url.ts";
import { secureJoin } from "@sluice/engine/source/helm/secure-join.ts";
import { describe, expect, it } from "vitest";

const shown = (result: { readonly ok: true; readonly value: string } | { readonly ok: false; readonly problem: string }): string =>
  result.ok ? result.value : result.problem;

it.each([
  ["https://a/charts", "https://a/charts/"],
  ["https://a/charts///", "https://a/charts/"],
  ["https://a", "https://a/"],
  ["HTTPS://a/charts?token=x", "https://a/charts/?token=x"],
  ["oci://a/charts/", "oci://a/charts"],
  ["", ""],
  ["https://a/%zz", 'parse "https://a/%zz": invalid URL escape "%zz"'],
  ["https://a:b/", 'parse "https://a:b/": invalid port ":b" after host'],
  ["https://a b/", 'parse "https://a b/": invalid character " " in host name'],
  ["https://ada:secret@a b/", 'parse "https://ada:***@a b/": invalid character " " in host name'],
  ["https://[::1]:80/a", "https://[::1]:80/a/"],
  [":a", 'parse ":a": missing protocol scheme'],
  ["a\nb", 'parse "a\\nb": net/url: invalid control character in URL'],
])("the one form of %s is %s", (text, want) => expect(shown(normalizeRepositoryUrl(text))).toBe(want));

it.each([
  ["https://a/charts", "https://a/charts/index.yaml"],
  ["https://a/charts/", "https://a/charts/index.yaml"],
  ["https://a", "https://a/index.yaml"],
  ["https://a/b/../c?token=x", "https://a/c/index.yaml?token=x"],
])("the index of %s is %s", (text, want) => expect(shown(indexUrl(text))).toBe(want));

/** Source: Helm 4, TestResolveReferenceURL. */
it.each([
  ["http://localhost:8123/", "/nginx-0.2.0.tgz", "http://localhost:8123/nginx-0.2.0.tgz"],
  ["http://localhost:8123/charts/", "nginx-0.2.0.tgz", "http://localhost:8123/charts/nginx-0.2.0.tgz"],
  ["http://localhost:8123/charts/", "/nginx-0.2.0.tgz", "http://localhost:8123/nginx-0.2.0.tgz"],
  ["http://localhost:8123/charts/", "../nginx-0.2.0.tgz", "http://localhost:8123/nginx-0.2.0.tgz"],
  ["http://localhost:8123/charts/", "../../../nginx-0.2.0.tgz", "http://localhost:8123/nginx-0.2.0.tgz"],
  ["http://localhost:8123/charts", "nginx-0.2.0.tgz", "http://localhost:8123/charts/nginx-0.2.0.tgz"],
  ["http://localhost:8123", "https://charts.example.com/nginx-0.2.0.tgz", "https://charts.example.com/nginx-0.2.0.tgz"],
  ["http://localhost:8123/charts%2fwith%2fescaped%2fslash", "nginx-0.2.0.tgz", "http://localhost:8123/charts%2fwith%2fescaped%2fslash/nginx-0.2.0.tgz"],
  ["http://localhost:8123/charts?with=queryparameter", "nginx-0.2.0.tgz", "http://localhost:8123/charts/nginx-0.2.0.tgz?with=queryparameter"],
  ["https://a/charts/", "//other/x.tgz", "https://other/x.tgz"],
  ["https://a/charts/", "x y.tgz%zz", 'failed to parse x y.tgz%zz as URL: parse "x y.tgz%zz": invalid URL escape "%zz"'],
  ["https://a/charts/", "file:///etc/passwd", "file:///etc/passwd"],
])("of %s the chart %s is %s", (repository, reference, want) => expect(shown(resolveChartUrl(repository, reference))).toBe(want));

it.each([
  ["oci://a/charts", "shop", "oci://a/charts/shop"],
  ["oci://a", "team/shop", "oci://a/team/shop"],
])("in %s the chart %s is %s", (repository, chart, want) => expect(shown(registryRepository(repository, chart))).toBe(want));

it.each([
  ["oci://registry.example.com:5000/charts", "registry.example.com:5000"],
  ["https://ada:pw@a/b", "a"],
  ["nothing", ""],
])("the host of %s is %s", (url, want) => expect(hostOf(url)).toBe(want));

it.each([
  ["https://a/charts", "https://a/charts/"],
  ["oci://a/charts/", "oci://a/charts"],
  ["@stable", "aliased repository dependency is not supported: @stable"],
  ["alias:stable", "invalid dependency repository URL: alias:stable"],
  ["s3://bucket", "invalid dependency repository URL: s3://bucket"],
])("a dependency of %s", (repository, want) => expect(shown(dependencyUrl(repository))).toBe(want));

it.each([
  ["./charts/shop/", "charts/shop"],
  ["../../etc", "etc"],
  ["a/../../b", "b"],
  ["/a//b", "a/b"],
  [".", ""],
])("%s below a root is %s", (path, want) => expect(secureJoin(path)).toBe(want));

it.each([
  ["shop", true],
  ["team/shop", true],
  ["a.b/.c", true],
  ["shop/", true],
  ["Shop", false],
  ["a//b", false],
  ["a_b", false],
  ["-", true],
  [`${"a/".repeat(20_000)}!`, false],
])("%.20s is a name: %s", (name, want) => expect(checkChartName(name).ok).toBe(want));

it.each([
  [40, "40B"],
  [999, "999B"],
  [1000, "1kB"],
  [1234, "1.234kB"],
  [26_649_952, "26.65MB"],
])("%d bytes are %s", (bytes, want) => expect(humanSize(bytes)).toBe(want));

describe("an artifact", () => {
  const opened = openArtifactFiles(packArtifact(new Map([["a/b/c.txt", { bytes: new Uint8Array(), executable: false }]])));
  if (!opened.ok) throw new Error(opened.problem);
  const files = opened.value;

  it.each([
    ["", "folder"],
    ["a", "folder"],
    ["a/b", "folder"],
    ["a/b/c.txt", "file"],
    ["a/b/c.txt/d", "below a file"],
    ["x", "nothing"],
  ] as const)("has at %j a %s", (path, want) => expect(files.at(path)).toBe(want));

  it("gives the files below a folder", () => expect([...filesBelow(files.tree, "a").keys()]).toEqual(["b/c.txt"]));
  it("that is none is a problem", () => expect(openArtifactFiles(new Uint8Array(10)).ok).toBe(false));
});
