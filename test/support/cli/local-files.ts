/** A folder to build from, and the Kustomization that does. */
export const FILES: { readonly [path: string]: string } = {
  "ks.yaml": `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: cli-apps
spec:
  interval: 10m
  prune: true
  path: ./deploy
  sourceRef: {kind: GitRepository, name: repo}
  targetNamespace: cli-apps
  commonMetadata: {labels: {tier: x}, annotations: {note: v}}
  postBuild: {substitute: {who: me}}
`,
  "base/kustomization.yaml": "resources: [config.yaml]\n",
  "base/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: base}
data: {a: "1", who: "\${who:=nobody}"}
`,
  "deploy/kustomization.yaml": "resources: [../base, web.yaml, secret.yaml]\n",
  "deploy/web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example/web:2.0.0", ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: new}
spec: {ports: [{port: 80}], selector: {app: web}}
`,
  "deploy/secret.yaml": `apiVersion: v1
kind: Secret
metadata: {name: creds}
stringData: {password: "hunter\${x}", other: same}
`,
  "same/kustomization.yaml": "resources: []\n",
  "sops/secret.yaml": `apiVersion: v1
kind: Secret
metadata: {name: encrypted}
data: {a: RU5DW0FFUzI1Nl0=}
stringData: {b: "ENC[AES256]"}
sops:
  mac: ENC[abc]
`,
  "invalid/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: BAD_}
---
apiVersion: v1
kind: Secret
metadata: {name: repo-auth}
stringData: {username: u, password: other}
`,
};
