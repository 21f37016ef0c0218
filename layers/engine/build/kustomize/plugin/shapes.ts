import { bool, type Decoded, embedded, list, named, pointer, struct, text, textMap, written } from "../decode/shape.ts";
import {
  configMapArgs,
  fieldSpec,
  image,
  objectMeta,
  patchArgs,
  replacementField,
  replica,
  secretArgs,
  selector,
} from "../kustomization/kustomization-shape.ts";

/** What may stand in the configuration of what is built in, where an object gives it. Source: kustomize api/internal/builtins. */

const fieldSpecs = list(fieldSpec);

export const annotationsShape = struct("builtins.AnnotationsTransformerPlugin", { annotations: textMap, fieldSpecs });
export const labelsShape = struct("builtins.LabelTransformerPlugin", { labels: textMap, fieldSpecs });
export const imageShape = struct("builtins.ImageTagTransformerPlugin", { imageTag: image, fieldSpecs });
export const replicaShape = struct("builtins.ReplicaCountTransformerPlugin", { replica, fieldSpecs });
export const namespaceShape = struct("builtins.NamespaceTransformerPlugin", {
  metadata: objectMeta,
  fieldSpecs,
  unsetOnly: written(bool),
  setRoleBindingSubjects: written(named("namespace.RoleBindingSubjectMode")),
});
export const patchShape = struct("builtins.PatchTransformerPlugin", { path: text, patch: text, target: pointer(selector), options: pointer(patchArgs) });
export const patchJson6902Shape = struct("builtins.PatchJson6902TransformerPlugin", { target: pointer(selector), path: text, jsonOp: text });
export const patchStrategicMergeShape = struct("builtins.PatchStrategicMergeTransformerPlugin", {
  paths: list(named("types.PatchStrategicMerge")),
  patches: text,
});
export const replacementShape = struct("builtins.ReplacementTransformerPlugin", { replacements: list(replacementField) });
export const configMapGeneratorShape = struct("builtins.ConfigMapGeneratorPlugin", { metadata: objectMeta, ...embedded(configMapArgs) });
export const secretGeneratorShape = struct("builtins.SecretGeneratorPlugin", { metadata: objectMeta, ...embedded(secretArgs) });

const kubernetesService = struct("types.KubernetesService", { name: written(text), namespace: text });
const serviceAccount = struct("types.ServiceAccount", { name: written(text), projectId: written(text) });
const iamPolicyArgs = struct("types.IAMPolicyGeneratorArgs", { cloud: named("types.Cloud"), kubernetesService, serviceAccount });
export const iamPolicyShape = struct("builtins.IAMPolicyGeneratorPlugin", { ...embedded(iamPolicyArgs) });

export type IamPolicyArgs = Decoded<typeof iamPolicyShape>;
