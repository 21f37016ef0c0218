import { writeYaml } from "@sluice/engine/build/yaml/write.ts";
import { formatDuration } from "@sluice/engine/domain/duration.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import { installManifests } from "@sluice/engine/flux/install.ts";
import { apiVersionOfKind, KINDS } from "@sluice/engine/flux/kinds.ts";
import { MARKER_IMAGE } from "../../config.ts";
import { DO_NOT_EDIT, renderManifests } from "../render/manifests.ts";
import type { BootstrapOptions } from "./options.ts";

export const COMPONENTS = "gotk-components.yaml";
const SYNC = "gotk-sync.yaml";
const APPLY_INTERVAL = "10m0s";
/** Names under which kustomize finds a kustomization. */
const KUSTOMIZATIONS = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** The folder that bootstrap keeps, `clusters/prod/flux-system`, without a slash at either end. */
export const folderOf = ({ path, namespace }: Pick<BootstrapOptions, "path" | "namespace">): string =>
  [...path.split("/").filter((segment) => segment !== "." && segment !== ""), namespace].join("/");

/** The files of an installation by their paths in the repository. A kustomization that is there already is its owner's. Source: reference 6.13. */
export function bootstrapFiles(options: BootstrapOptions, tree: Tree): ReadonlyMap<string, string> {
  const folder = folderOf(options);
  const own = KUSTOMIZATIONS.find((name) => tree.has(`${folder}/${name}`));
  const { namespace, version, installation } = options;
  const components = installManifests({
    namespace,
    version,
    image: MARKER_IMAGE,
    ...(installation !== undefined && { cluster: { name: installation.cluster, region: installation.region } }),
  });
  return new Map([
    [`${folder}/${COMPONENTS}`, renderManifests(components, version)],
    [`${folder}/${SYNC}`, syncFile(options)],
    ...(own === undefined ? [[`${folder}/kustomization.yaml`, kustomizationFile()] as const] : []),
  ]);
}

/** Source: flux2 pkg/manifestgen/sync. */
function syncFile({ namespace, path, branch, interval, secretName, repository }: BootstrapOptions): string {
  const metadata = { name: namespace, namespace };
  const source = {
    apiVersion: apiVersionOfKind(KINDS.GitRepository),
    kind: KINDS.GitRepository.kind,
    metadata,
    spec: { interval: formatDuration(interval), ref: { branch }, secretRef: { name: secretName }, url: repository.url },
  };
  const kustomization = {
    apiVersion: apiVersionOfKind(KINDS.Kustomization),
    kind: KINDS.Kustomization.kind,
    metadata,
    spec: { interval: APPLY_INTERVAL, path, prune: true, sourceRef: { kind: KINDS.GitRepository.kind, name: namespace } },
  };
  return [DO_NOT_EDIT, writeYaml(source), writeYaml(kustomization)].join("---\n");
}

const kustomizationFile = (): string => writeYaml({ apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: [COMPONENTS, SYNC] });
