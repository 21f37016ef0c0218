import { amazonQNotification } from "@sluice/platform/notifications/aws/amazon-q.ts";
import { describe, expect, it } from "vitest";
import { aNotification } from "../../../../support/notifications/notification.ts";

type Changes = NonNullable<Parameters<typeof aNotification>[0]["event"]>;
const of = (event: Changes = {}, cluster = "prod") => JSON.parse(amazonQNotification(aNotification({ event }).event, cluster));

describe("amazonQNotification", () => {
  it("says a failure", () => {
    expect(of()).toEqual({
      version: "1.0",
      source: "custom",
      id: "event-1",
      content: {
        textType: "client-markdown",
        title: ":rotating_light: prod: Kustomization/apps/backend health check failed",
        description: "health check failed",
        nextSteps: ["`sluice events --for Kustomization/backend --namespace apps` shows what came before"],
        keywords: ["prod", "Kustomization", "HealthCheckFailed", "error"],
      },
      metadata: {
        threadId: "prod/Kustomization/apps/backend",
        summary: "Kustomization/apps/backend on prod",
        eventType: "Kustomization HealthCheckFailed",
        relatedResources: ["Kustomization/apps/backend"],
        additionalContext: { cluster: "prod", revision: "main@sha1:a1b2" },
      },
    });
  });

  it("says what is fine, without a next step, in the same thread", () => {
    const fine = of({ severity: "info", reason: "ReconciliationSucceeded", message: "Reconciliation finished" });
    expect(fine.content).toEqual({
      textType: "client-markdown",
      title: ":white_check_mark: prod: Kustomization/apps/backend reconciliation succeeded",
      description: "Reconciliation finished",
      keywords: ["prod", "Kustomization", "ReconciliationSucceeded", "info"],
    });
    expect(fine.metadata.threadId).toBe(of().metadata.threadId);
  });

  it.each([
    { message: "<!channel> & <http://evil|https://good>", want: "&lt;!channel&gt; &amp; &lt;http://evil|https://good&gt;" },
    {
      message: "@here look, (@channel) at main@sha1:a1 and ghcr.io/x@sha256:b2",
      want: "@\u200bhere look, (@\u200bchannel) at main@sha1:a1 and ghcr.io/x@sha256:b2",
    },
    { message: "", want: "health check failed" },
  ])("shows $message, and does not obey it", ({ message, want }) => expect(of({ message }).content.description).toBe(want));

  it("stays within Amazon Q's limits, and cuts no letter in two", () => {
    const { content, metadata } = of(
      {
        message: "😀".repeat(5000),
        reason: `R${"r".repeat(300)}`,
        metadata: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`key-${n}`, "v".repeat(500)])),
      },
      "c".repeat(300),
    );
    expect(content.title).toHaveLength(250);
    expect(content.description.length).toBeLessThanOrEqual(8000);
    expect(content.description).toMatch(/^(?:😀)+…$/u);
    expect(Object.keys(metadata.additionalContext)).toHaveLength(10);
    for (const text of [metadata.threadId, metadata.summary, metadata.eventType, ...content.keywords, ...Object.values<string>(metadata.additionalContext)])
      expect(text.length).toBeLessThanOrEqual(250);
  });
});
