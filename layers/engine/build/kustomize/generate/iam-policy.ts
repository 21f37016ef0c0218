import { ok, type Result } from "../../../domain/result.ts";
import { isMap } from "../../node/node.ts";
import { readDocuments } from "../../yaml/documents.ts";
import { type BuildProblem, buildProblem, problemBelow } from "../build-problem.ts";
import type { IamPolicyArgs } from "../plugin/shapes.ts";
import { newResource, type Resource } from "../resource/resource.ts";

/**
 * A ServiceAccount that stands for one of Google's. What is given is put into a text that is read as YAML: it may break it, as in kustomize.
 * Source: kustomize api/filters/iampolicygenerator.
 */
export function makeIamPolicy({ cloud, kubernetesService, serviceAccount }: IamPolicyArgs): Result<readonly Resource[], BuildProblem> {
  if (cloud !== "gke") return problemBelow(["cloud"], `cloud provider ${cloud} not supported yet`);
  const lines = [
    "",
    "apiVersion: v1",
    "kind: ServiceAccount",
    "metadata:",
    "  annotations:",
    `    iam.gke.io/gcp-service-account: ${serviceAccount.name}@${serviceAccount.projectId}.iam.gserviceaccount.com`,
    `  name: ${kubernetesService.name}`,
    ...(kubernetesService.namespace === "" ? [] : [`  namespace: ${kubernetesService.namespace}`]),
  ];
  const read = readDocuments(lines.join("\n"));
  if (!read.ok) return buildProblem(read.problem.message);
  return ok(read.value.flatMap(({ node }) => (isMap(node) ? [newResource(node)] : [])));
}
