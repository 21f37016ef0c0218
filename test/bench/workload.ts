/** The files of a repository: path → text. */
export type Files = ReadonlyMap<string, string>;

/** Of every four objects three are ConfigMaps and one is a Deployment with 0 replicas. */
const GROUP = 4;

export type Workload = {
  readonly namespace: string;
  readonly objects: number;
  /** Stands in every object, so that another one changes all of them. */
  readonly version: number;
  /** Stands in one object only. */
  readonly line?: number;
};

/** One file for four objects in `folder`, and the kustomization that names them. */
export function filesOf(workload: Workload, folder = ""): Files {
  const at = folder === "" ? "" : `${folder}/`;
  const groups = Array.from({ length: Math.ceil(workload.objects / GROUP) }, (_, index) => index);
  const name = (index: number): string => `app-${String(index).padStart(4, "0")}.yaml`;
  const kustomization = [
    "apiVersion: kustomize.config.k8s.io/v1beta1",
    "kind: Kustomization",
    "resources:",
    ...groups.map((index) => `  - ${name(index)}`),
    "",
  ];
  return new Map([
    [`${at}kustomization.yaml`, kustomization.join("\n")],
    ...groups.map((index): [string, string] => [`${at}${name(index)}`, group(workload, index)]),
  ]);
}

/** The same objects as one stream for `kubectl apply -f -`. */
export const manifestsOf = (workload: Workload): string =>
  Array.from({ length: Math.ceil(workload.objects / GROUP) }, (_, index) => group(workload, index)).join("---\n");

function group({ namespace, version, line, objects }: Workload, index: number): string {
  const name = `app-${String(index).padStart(4, "0")}`;
  const isMiddle = index === Math.floor(objects / GROUP / 2);
  const extra = line !== undefined && isMiddle ? `  line: "${line}"\n` : "";
  const configMap = (letter: string, more: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-${letter}
  namespace: ${namespace}
  labels:
    app: ${name}
data:
  version: "${version}"
  mode: production
  settings.ini: |
    [server]
    port = 8080
    name = ${name}-${letter}
    log = info
${more}`;
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app: ${name}
spec:
  replicas: 0
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
      annotations:
        version: "${version}"
    spec:
      containers:
        - name: app
          image: registry.example/app:v${version}
          ports:
            - containerPort: 8080
          env:
            - name: VERSION
              value: "${version}"
          resources:
            requests:
              cpu: 10m
              memory: 32Mi
`;
  return [configMap("a", extra), configMap("b", ""), configMap("c", ""), deployment].join("---\n");
}
