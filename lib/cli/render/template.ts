import type { HelmRenderAnswer } from "@sluice/engine/build/helm/render.ts";
import { readYaml } from "@sluice/engine/build/yaml/read.ts";
import { writeYaml } from "@sluice/engine/build/yaml/write.ts";
import { isObject } from "@sluice/engine/domain/json.ts";
import { jsonOf, manifestOf } from "@sluice/engine/domain/manifest-json.ts";
import { masked } from "@sluice/engine/plan/mask.ts";

type Rendered = Extract<HelmRenderAnswer, { readonly kind: "rendered" }>;

export type Shown = { readonly crds: boolean; readonly hooks: boolean; readonly secrets: boolean };

/** In the order and the form of `helm template`: CRDs, objects, hooks, each under the file that it comes from. */
export function renderTemplate({ manifest, hooks, crds }: Rendered, shown: Shown): string {
  const texts = [
    ...(shown.crds ? crds.map(({ filename, data }) => document(filename, data)) : []),
    manifest,
    ...(shown.hooks ? hooks.map(({ path, manifest: text }) => document(path, text)) : []),
  ];
  const text = texts.map((one) => (one === "" || one.endsWith("\n") ? one : `${one}\n`)).join("");
  return shown.secrets ? text : withoutSecrets(text);
}

const document = (source: string, text: string): string => (/^(?:---\n)?# Source: /.test(text) ? text : `---\n# Source: ${source}\n${text.trim()}\n`);

/** Everything stays as it is written but Secrets: of them their keys are shown. */
const withoutSecrets = (text: string): string =>
  text
    .split(/^(?=---\n)/m)
    .map((one) => (/^kind:\s*["']?secret["']?\s*$/im.test(one) ? maskedDocument(one) : one))
    .join("");

function maskedDocument(text: string): string {
  const [, head = ""] = /^((?:---\n)?(?:# Source: .*\n)?)/.exec(text) ?? [];
  const read = readYaml(text, "last wins");
  const [object] = read.ok ? read.value : [];
  return isObject(object) ? `${head}${writeYaml(jsonOf(masked(manifestOf(object))))}` : `${head}# a Secret that cannot be read\n`;
}
