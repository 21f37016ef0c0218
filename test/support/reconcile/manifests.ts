/** YAML documents for scenarios, each with its separator; `NS` becomes the namespace of the scenario. */
export const configMap = (name: string, value = "1", metadata = ""): string => `---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: NS${metadata === "" ? "" : `, ${metadata}`}}
data: {key: "${value}"}
`;

export const secret = (name: string, field: string): string => `---
apiVersion: v1
kind: Secret
metadata: {name: ${name}, namespace: NS}
${field}
`;

export const namespaceOf = (name: string): string => `---
apiVersion: v1
kind: Namespace
metadata: {name: ${name}}
`;

export const deployment = (name: string, replicas = 0): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: NS}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "nginx:1"}]}
`;

/** Its template cannot be changed. */
export const job = (name: string, image: string): string => `---
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, namespace: NS}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: main, image: "${image}"}]}
`;

/** A CRD whose objects have no rules but a status. `group` must be one's own: CRDs are for the whole cluster. */
export const definition = (group: string): string => `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.${group}}
spec:
  group: ${group}
  names: {kind: Thing, listKind: ThingList, plural: things, singular: thing}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {status: {}}
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, x-kubernetes-preserve-unknown-fields: true}
            status: {type: object, x-kubernetes-preserve-unknown-fields: true}
`;

export const thing = (group: string, name: string, size = 1): string => `---
apiVersion: ${group}/v1
kind: Thing
metadata: {name: ${name}, namespace: NS}
spec: {size: ${size}}
`;
