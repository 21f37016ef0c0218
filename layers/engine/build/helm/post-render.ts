import { ok, problem, type Result } from "../../domain/result.ts";
import { createKustomizer, FLUX, type Kustomizer } from "../kustomize/build.ts";
import { filesOfTree } from "../kustomize/files-of-tree.ts";
import { readResources } from "../kustomize/resource/read-resources.ts";
import { newResource, type Resource } from "../kustomize/resource/resource.ts";
import { createResourceList } from "../kustomize/resource/resource-list.ts";
import { createSchema } from "../kustomize/schema/create-schema.ts";
import type { Schema } from "../kustomize/schema/schema.ts";
import { createAnnotationsTransformer } from "../kustomize/transform/annotations.ts";
import { createLabelsTransformer } from "../kustomize/transform/labels.ts";
import type { Transformer } from "../kustomize/transform/transformer.ts";
import { isMap, throughJson } from "../node/node.ts";
import { type ImageOverride, patchOf } from "../overlay.ts";
import { asPrinted } from "../yaml/as-printed.ts";
import { writeYaml } from "../yaml/write.ts";
import type { HelmPostRender } from "./render.ts";

type Texts = { readonly [key: string]: string };

/** What a HelmRelease says of how its objects are changed. `origin` is the HelmRelease. Source: reference 3.1, 3.9. */
export type PostRenderSpec = {
  readonly strategy: HelmPostRender["strategy"];
  readonly renderers: readonly {
    readonly kustomize?:
      | {
          readonly patches: readonly { readonly patch: string; readonly target?: { readonly [field: string]: string | undefined } | undefined }[];
          readonly images: readonly ImageOverride[];
        }
      | undefined;
  }[];
  readonly commonMetadata?: { readonly labels?: Texts | undefined; readonly annotations?: Texts | undefined } | undefined;
  readonly origin: { readonly name: string; readonly namespace: string };
};

const ORIGIN = "helm.toolkit.fluxcd.io";

/**
 * Patches and images of each renderer in turn, then the common metadata, then the labels of origin, which every object gets. The problem is in the words of
 * kustomize. Source: fluxcd/helm-controller internal/postrender; recordings, post-renderers and common-metadata-changes-later.
 */
export function createPostRender({ strategy, renderers, commonMetadata = {}, origin }: PostRenderSpec): HelmPostRender {
  const kustomizer = createKustomizer({ keptBytes: 0 });
  const kustomizations = renderers.flatMap(({ kustomize }) => (kustomize === undefined ? [] : [writeYaml(kustomizationOf(kustomize))]));
  const { labels = {}, annotations = {} } = commonMetadata;
  const originLabels = { [`${ORIGIN}/name`]: origin.name, [`${ORIGIN}/namespace`]: origin.namespace };
  // One that adds nothing only prints, and what is printed twice is as it was printed once.
  const common = [...(isEmpty(labels) ? [] : [labelled(labels)]), ...(isEmpty(annotations) ? [] : [annotated(annotations)])];
  const transformers = [...(common.length === 0 ? [unchanged] : common), labelled(originLabels)];
  return {
    strategy,
    run(stream) {
      let text = stream;
      for (const kustomization of kustomizations) {
        const built = kustomized(kustomizer, kustomization, text);
        if (!built.ok) return built;
        text = built.value;
      }
      return transformed(text, transformers);
    },
  };
}

const STREAM = "helm-output.yaml";

const kustomizationOf = ({ patches, images }: NonNullable<PostRenderSpec["renderers"][number]["kustomize"]>) => ({
  apiVersion: "kustomize.config.k8s.io/v1beta1",
  kind: "Kustomization",
  resources: [STREAM],
  ...(patches.length > 0 && { patches: patches.map(patchOf) }),
  ...(images.length > 0 && { images: images.map(imageOf) }),
});

const imageOf = ({ name, newName, newTag, digest }: ImageOverride): Texts => ({
  name,
  ...(newName !== undefined && { newName }),
  ...(newTag !== undefined && { newTag }),
  ...(digest !== undefined && { digest }),
});

function kustomized(kustomizer: Kustomizer, kustomization: string, stream: string): Result<string> {
  const encoder = new TextEncoder();
  const file = (text: string) => ({ bytes: encoder.encode(text), executable: false });
  const files = filesOfTree(
    new Map([
      ["kustomization.yaml", file(kustomization)],
      [STREAM, file(stream)],
    ]),
    [],
    "",
  );
  const built = kustomizer.build({ files, path: "", restriction: "within-tree", manner: FLUX });
  return built.ok ? ok(built.value.yaml()) : problem(built.problem.message);
}

const isEmpty = (texts: Texts): boolean => Object.keys(texts).length === 0;
const unchanged: Transformer = (resources) => ok(resources);

const labelled = (labels: Texts): Transformer =>
  createLabelsTransformer({
    labels: new Map(Object.entries(labels)),
    fieldSpecs: [{ group: "", version: "", kind: "", path: "metadata/labels", create: true }],
  });

const annotated = (annotations: Texts): Transformer =>
  createAnnotationsTransformer({
    annotations: new Map(Object.entries(annotations)),
    fieldSpecs: [{ group: "", version: "", kind: "", path: "metadata/annotations", create: true }],
  });

/** Each transformer gets what the one before it has printed. Source: internal/postrender/transformer.go. */
function transformed(stream: string, transformers: readonly Transformer[]): Result<string> {
  const schema = createSchema(FLUX.preload);
  const read = uniqueResources(stream, schema);
  if (!read.ok) return read;
  let resources = read.value;
  for (const transform of transformers) {
    const changed = transform(resources, schema);
    if (!changed.ok) return problem(changed.problem.message);
    const printed: Resource[] = [];
    for (const { node } of changed.value) {
      const shown = asPrinted(throughJson(node));
      if (!shown.ok) return shown;
      if (isMap(shown.value)) printed.push(newResource(shown.value));
    }
    resources = printed;
  }
  return ok(resources.map(({ node }) => writeYaml(node)).join("---\n"));
}

function uniqueResources(stream: string, schema: Schema): Result<readonly Resource[]> {
  const read = readResources(stream);
  if (!read.ok) return problem(read.problem.message);
  const list = createResourceList([], schema);
  const appended = list.append(read.value);
  return appended.ok ? ok(list.resources()) : problem(appended.problem.message);
}
