import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { normalise } from "@sluice/engine/plan/normalise.ts";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";

const manifest = (yaml: string): Manifest => load(yaml) as Manifest;
const deployment = (container: string, rest = ""): string =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}, ${rest} template: {metadata: {labels: {a: b}}, spec: {containers: [${container}]}}}}`;
const PEM = Buffer.from("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n").toString("base64");
const crd = (bundle: string): string =>
  `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}, spec: {unheardOf: 1, conversion: {webhook: {clientConfig: {url: u, caBundle: ${bundle}}}}}, status: {a: 1}}`;

describe("normalise", () => {
  it.each<{ name: string; given: string; want: string }>([
    {
      name: "a Deployment as recorded: unknown fields gone, empty structs there, ports with a protocol, canonical quantities",
      given: deployment(
        `{name: w, image: i, sparkle: 1, ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP}], env: [{name: E, value: ""}], resources: {requests: {cpu: 0.5, memory: 1024Mi}, limits: {cpu: 1000m}}}`,
        "replicas: 0,",
      ),
      want: deployment(
        `{name: w, image: i, ports: [{containerPort: 80, protocol: TCP}, {containerPort: 53, protocol: UDP}], env: [{name: E}], resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: "1"}}}`,
        "replicas: 0, strategy: {},",
      ),
    },
    {
      name: "a Service: targetPort 0, which the server takes for the port",
      given:
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}, {port: 443, targetPort: tls, protocol: UDP}]}, status: {loadBalancer: {}}}",
      want: "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80, targetPort: 0, protocol: TCP}, {port: 443, targetPort: tls, protocol: UDP}]}}",
    },
    {
      name: "a Secret: stringData wins over data",
      given:
        "{apiVersion: v1, kind: Secret, metadata: {name: s}, type: Opaque, stringData: {both: from stringData, plain: text}, data: {both: ZnJvbSBkYXRh, coded: Y29kZWQ=}}",
      want: "{apiVersion: v1, kind: Secret, metadata: {name: s}, type: Opaque, data: {both: ZnJvbSBzdHJpbmdEYXRh, coded: Y29kZWQ=, plain: dGV4dA==}}",
    },
    {
      name: "a Secret without data",
      given: "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: ä}}",
      want: "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: w6Q=}}",
    },
    {
      name: "a Secret with wrapped base64",
      given: 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: "aGVs\\nbG8="}',
      want: "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: aGVsbG8=}}",
    },
    {
      name: "a Secret that does not decode only loses its status",
      given:
        "{apiVersion: v1, kind: Secret, metadata: {name: s, creationTimestamp: null}, sops: {mac: x}, data: {a: 'ENC[x]'}, stringData: {b: c}, status: {d: 1}}",
      want: "{apiVersion: v1, kind: Secret, metadata: {name: s}, sops: {mac: x}, data: {a: 'ENC[x]'}, stringData: {b: c}}",
    },
    {
      name: "a Secret that decodes loses sops",
      given: "{apiVersion: v1, kind: Secret, metadata: {name: s}, sops: {mac: x}, stringData: {b: c}}",
      want: "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {b: Yw==}}",
    },
    {
      name: "a ConfigMap: empty maps gone, null values empty",
      given: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: null, annotations: {}}, data: {a: null, b: c}, binaryData: {}}",
      want: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: '', b: c}}",
    },
    {
      name: "a value of the wrong type is left for the server to refuse",
      given: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: 1}, sparkle: 1}",
      want: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: 1}, sparkle: 1}",
    },
    {
      name: "an empty selector stays",
      given: "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}}}",
      want: "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}}}",
    },
    {
      name: "a Role is left alone, status and all",
      given: "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a, creationTimestamp: null}, rules: null, status: {a: 1}, sparkle: 1}",
      want: "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a, creationTimestamp: null}, rules: null, status: {a: 1}, sparkle: 1}",
    },
    {
      name: "a custom resource only loses its status",
      given: "{apiVersion: example.com/v1, kind: Deployment, metadata: {name: a}, sparkle: {a: null}, status: {}}",
      want: "{apiVersion: example.com/v1, kind: Deployment, metadata: {name: a}, sparkle: {a: null}}",
    },
    {
      name: "a version that is gone is no built-in kind",
      given: "{apiVersion: autoscaling/v2beta1, kind: HorizontalPodAutoscaler, metadata: {name: a}, sparkle: 1}",
      want: "{apiVersion: autoscaling/v2beta1, kind: HorizontalPodAutoscaler, metadata: {name: a}, sparkle: 1}",
    },
    { name: "a CRD with a broken bundle loses that alone", given: crd("Cg=="), want: crd("Cg==").replace(", caBundle: Cg==", "") },
    { name: "a CRD whose bundle is no base64", given: crd('"%"'), want: crd('"%"').replace(', caBundle: "%"', "") },
    { name: "a CRD with a bundle", given: crd(PEM), want: crd(PEM) },
    { name: "a CRD with an empty bundle", given: crd('""'), want: crd('""') },
    {
      name: "ports of a CronJob",
      given:
        "{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {schedule: x, jobTemplate: {spec: {template: {spec: {containers: [{name: a, ports: [{containerPort: 1}]}]}}}}}}",
      want: "{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {schedule: x, jobTemplate: {metadata: {}, spec: {template: {metadata: {}, spec: {containers: [{name: a, resources: {}, ports: [{containerPort: 1, protocol: TCP}]}]}}}}}}",
    },
  ])("$name", ({ given, want }) => expect(normalise(manifest(given))).toEqual(manifest(want)));

  it("changes nothing the second time", () => {
    const once = normalise(manifest(deployment("{name: w, image: i, ports: [{containerPort: 80}]}")));
    expect(normalise(once)).toEqual(once);
  });
});
