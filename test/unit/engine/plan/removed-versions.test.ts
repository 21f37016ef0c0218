import { noMatchMessage, successorGroup } from "@sluice/engine/plan/removed-versions.ts";
import { describe, expect, it } from "vitest";

describe("noMatchMessage", () => {
  it.each([
    [
      "HorizontalPodAutoscaler",
      "autoscaling/v2beta1",
      ["v2", "v1"],
      'no matches for kind "HorizontalPodAutoscaler" in version "autoscaling/v2beta1": use autoscaling/v2 (removed in Kubernetes 1.25)',
    ],
    [
      "PodDisruptionBudget",
      "policy/v1beta1",
      ["v1"],
      'no matches for kind "PodDisruptionBudget" in version "policy/v1beta1": use policy/v1 (removed in Kubernetes 1.25)',
    ],
    ["CronJob", "batch/v1beta1", ["v1"], 'no matches for kind "CronJob" in version "batch/v1beta1": use batch/v1 (removed in Kubernetes 1.25)'],
    [
      "Ingress",
      "extensions/v1beta1",
      ["v1"],
      'no matches for kind "Ingress" in version "extensions/v1beta1": use networking.k8s.io/v1 (removed in Kubernetes 1.22)',
    ],
    ["Deployment", "extensions/v1beta1", [], 'no matches for kind "Deployment" in version "extensions/v1beta1": use apps/v1 (removed in Kubernetes 1.16)'],
    [
      "PodSecurityPolicy",
      "policy/v1beta1",
      [],
      'no matches for kind "PodSecurityPolicy" in version "policy/v1beta1" (removed in Kubernetes 1.25; nothing takes its place)',
    ],
    ["Gadget", "nowhere.example.com/v1", [], 'no matches for kind "Gadget" in version "nowhere.example.com/v1"'],
    [
      "Kustomization",
      "kustomize.toolkit.fluxcd.io/v1beta2",
      ["v1"],
      'no matches for kind "Kustomization" in version "kustomize.toolkit.fluxcd.io/v1beta2": use kustomize.toolkit.fluxcd.io/v1',
    ],
    ["ConfigMap", "v2", ["v1"], 'no matches for kind "ConfigMap" in version "v2": use v1'],
  ])("%s in %s, served %j", (kind, apiVersion, served, want) => expect(noMatchMessage(kind, apiVersion, served)).toBe(want));
});

it.each([
  ["Ingress", "extensions/v1beta1", "networking.k8s.io"],
  ["DaemonSet", "extensions/v1beta1", "apps"],
  ["PodSecurityPolicy", "policy/v1beta1", "policy"],
  ["Gadget", "nowhere.example.com/v1", "nowhere.example.com"],
  ["ConfigMap", "v2", ""],
])("%s of %s lives on in %j", (kind, apiVersion, group) => expect(successorGroup(kind, apiVersion)).toBe(group));
