import { filesOf } from "../workload.ts";

/** An overlay that does to each object what overlays do, over a base with a file for every four objects; reading and writing is most of the work. */
export function overlayOf(objects: number): ReadonlyMap<string, string> {
  const overlay = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../base
namespace: prod
namePrefix: prod-
labels:
  - pairs: {team: blue}
    includeSelectors: true
commonAnnotations:
  note: built
images:
  - name: registry.example/app
    newTag: v2
replicas:
  - name: app-0000
    count: 3
configMapGenerator:
  - name: settings
    literals: [mode=production]
patches:
  - target: {kind: Deployment, name: app-0001}
    patch: |
      - op: add
        path: /spec/paused
        value: true
`;
  return new Map([...filesOf({ namespace: "base", objects, version: 1 }, "base"), ["prod/kustomization.yaml", overlay]]);
}
