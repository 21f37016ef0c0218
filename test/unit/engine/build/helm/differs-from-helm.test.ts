import { normalizeRepositoryUrl } from "@sluice/engine/source/helm/repository-url.ts";
import { describe, expect, it } from "vitest";
import { renderOf, shown } from "./render-of.ts";

const rendered = (text: string): string => shown(renderOf({ "templates/a.yaml": text }));

/** What docs/helm.md says of us and not of Helm. */
describe("other than in Helm", () => {
  it("templates stand 400 deep within each other", () => {
    const nested = (depth: number): string =>
      rendered(`{{ define "x" }}{{ if . }}{{ include "x" (sub . 1) }}{{ else }}end: 1{{ end }}{{ end }}{{ include "x" ${depth} }}`);
    expect(nested(390)).toContain("end: 1");
    expect(nested(410)).toMatch(/exceeded maximum template depth \(400\)$/);
  });

  it("an address is always the same one", () => expect(rendered('a: {{ printf "%p" .Values }}')).toContain("a: 0xc000000000"));

  it.each(["__proto__", "constructor", "prototype"])("keys that objects of JavaScript have themselves are refused", (key) => {
    expect(rendered(`a: {{ (fromYaml "${key}: 1").Error | quote }}`)).toContain(`the key \\"${key}\\" is not allowed`);
  });

  it("an address is no longer than 16,384 characters", () => {
    const address = (length: number): string => "https://charts.example.com/".padEnd(length, "a");
    expect(normalizeRepositoryUrl(address(16_000)).ok).toBe(true);
    expect(normalizeRepositoryUrl(address(16_400)).ok).toBe(false);
  });
});
