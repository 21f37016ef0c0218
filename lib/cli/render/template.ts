import type { HelmRenderAnswer } from "@sluice/engine/build/helm/render.ts";
import { readYaml } from "@sluice/engine/build/yaml/read.ts";
import { writeYaml } from "@sluice/engine/build/yaml/write.ts";
import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { jsonOf, manifestOf } from "@sluice/engine/domain/manifest-json.ts";
import { masked } from "@sluice/engine/plan/mask.ts";

type Rendered = Extract<HelmRenderAnswer, { readonly kind: "rendered" }>;

export type Shown = { readonly crds: boolean; readonly hooks: boolean; readonly secrets: boolean };

/** In the order and the form of `helm template`: CRDs, objects, hooks, each under the file that it comes from. Source: Helm 4, pkg/cmd/template.go. */
export function renderTemplate({ manifest, hooks, crds }: Rendered, shown: Shown): string {
  const definitions = shown.crds ? crds.map(({ filename, data }) => document(filename, data)) : [];
  const objects = [...definitions, manifest].join("").trim();
  const others = shown.hooks ? hooks.map(({ path, manifest: text }) => document(path, text)) : [];
  const text = [...(objects === "" ? [] : [`${objects}\n`]), ...others].join("");
  return shown.secrets ? text : withoutSecrets(text);
}

const document = (source: string, text: string): string => `---\n# Source: ${source}\n${text}\n`;

/** Everything stays as it is written but Secrets: of them their keys are shown. */
const withoutSecrets = (text: string): string =>
  text
    .split(/^(?=---\s)/m)
    .map((one) => (/secret/i.test(one) ? maskedDocument(one) : one))
    .join("");

/** The document as it is, unless there is a Secret in it. */
function maskedDocument(text: string): string {
  const [, head = ""] = /^((?:---\s*\n)?(?:# Source: .*\n)?)/.exec(text) ?? [];
  const read = readYaml(text, "last wins");
  if (!read.ok) return `${head}# HIDDEN: this document is no YAML, and speaks of a Secret\n`;
  const [object = null] = read.value;
  const hidden = maskedJson(object);
  return hidden === object ? text : `${head}${writeYaml(hidden)}`;
}

/** The same value where no Secret is in it. */
function maskedJson(object: Json): Json {
  if (!isObject(object) || typeof object.kind !== "string") return object;
  const { apiVersion, kind, metadata, items } = object;
  if (apiVersion === "v1" && kind === "Secret") return jsonOf(masked(manifestOf({ ...object, metadata: isObject(metadata) ? metadata : {} })));
  if (!kind.endsWith("List") || !isArray(items)) return object;
  const shown = items.map(maskedJson);
  return shown.every((item, index) => item === items[index]) ? object : { ...object, items: shown };
}
