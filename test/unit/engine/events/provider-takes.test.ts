import { PROVIDER_TYPES } from "@sluice/engine/domain/provider-type.ts";
import { whyNotFor } from "@sluice/engine/events/provider-takes.ts";
import { parseProvider } from "@sluice/engine/flux/provider-object.ts";
import { describe, expect, it } from "vitest";
import { notified } from "../../../support/notify/recorded.ts";
import { providerOf } from "../../../support/notify/world.ts";

const GROUP = "kustomize.toolkit.fluxcd.io";
const GIT = ["github", "gitlab", "gitea", "bitbucketserver", "bitbucket", "azuredevops"];
const COMMENTS = ["githubpullrequestcomment", "gitlabmergerequestcomment", "giteapullrequestcomment"];
const MACHINES = ["generic", "generic-hmac", "sns", "eventbridge", "sqs"];
const OTHERS = PROVIDER_TYPES.filter((type) => ![...GIT, ...COMMENTS].includes(type));

const event = (severity: "info" | "error", reason: string, metadata: { readonly [key: string]: string }) =>
  notified("e", {
    involvedObject: { apiVersion: `${GROUP}/v1`, kind: "Kustomization", namespace: "apps", name: "web", uid: "u" },
    severity,
    reason,
    metadata,
    timestamp: "2026-01-02T03:04:05Z",
    message: "m",
    reportingController: "kustomize-controller",
  });

const takers = (given: ReturnType<typeof event>, annotations?: { readonly [key: string]: string }): readonly string[] =>
  PROVIDER_TYPES.filter((type) => {
    const provider = parseProvider(providerOf("p", "apps", { type }, annotations));
    return provider.ok && whyNotFor(provider.value, given) === undefined;
  });

const PENDING = { "sluice.dev/commit-status": "pending" };
const DEPLOYMENTS = { "sluice.dev/deployments": "enabled" };
const REVISION = { [`${GROUP}/revision`]: "main@sha1:aa" };
const UPDATE = { ...REVISION, [`${GROUP}/commit_status`]: "update" };

describe("which types take an event", () => {
  it.each<{ what: string; given: ReturnType<typeof event>; annotations?: { [key: string]: string }; want: readonly string[] }>([
    { what: "of a change", given: event("info", "Progressing", REVISION), want: OTHERS },
    { what: "of an end", given: event("info", "ReconciliationSucceeded", UPDATE), want: [...GIT, ...MACHINES] },
    { what: "of an error", given: event("error", "BuildFailed", REVISION), want: [...OTHERS, ...GIT] },
    { what: "of another group's end", given: event("info", "X", { "helm.toolkit.fluxcd.io/commit_status": "update" }), want: OTHERS },
    { what: "with a commit", given: event("info", "X", { "event.toolkit.fluxcd.io/commit": "sha1:aa" }), want: [...OTHERS, ...GIT] },
    { what: "with an empty commit", given: event("info", "X", { "event.toolkit.fluxcd.io/commit": "" }), want: OTHERS },
    { what: "of a change request", given: event("info", "X", { "event.toolkit.fluxcd.io/change_request": "42" }), want: [...OTHERS, ...COMMENTS] },
    { what: "on the way, where pending statuses are wanted", given: event("info", "Progressing", REVISION), annotations: PENDING, want: [...OTHERS, ...GIT] },
    { what: "on the way, where deployments are wanted", given: event("info", "Progressing", REVISION), annotations: DEPLOYMENTS, want: [...OTHERS, "github"] },
    { what: "of something else, where deployments are wanted", given: event("info", "NewArtifact", REVISION), annotations: DEPLOYMENTS, want: OTHERS },
    { what: "of something else, where pending statuses are wanted", given: event("info", "NewArtifact", REVISION), annotations: PENDING, want: OTHERS },
  ])("$what", ({ given, annotations, want }) => expect(takers(given, annotations).toSorted()).toEqual(want.toSorted()));

  it("a suspended one takes nothing", () => {
    const provider = parseProvider(providerOf("p", "apps", { type: "generic", suspend: true }));
    expect(provider.ok && whyNotFor(provider.value, event("error", "X", {}))).toBe("the provider is suspended");
  });
});
