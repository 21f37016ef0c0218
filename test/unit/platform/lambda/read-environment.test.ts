import { clustersOf, settingsOf } from "@sluice/platform/lambda/read-environment.ts";
import { describe, expect, it } from "vitest";

describe("the environment of a function", () => {
  it.each<{ text: string | undefined; want: unknown }>([
    { text: undefined, want: [] },
    { text: "", want: [] },
    { text: "[]", want: [] },
    { text: '[{"name":"prod","region":"eu-west-1"}]', want: [{ name: "prod", region: "eu-west-1" }] },
    {
      text: '[{"name":"prod","region":"eu-west-1","eksName":"p","roleArn":"arn:aws:iam::1:role/r","gate":"sluice-gate-prod","more":1}]',
      want: [{ name: "prod", region: "eu-west-1", eksName: "p", roleArn: "arn:aws:iam::1:role/r", gate: "sluice-gate-prod" }],
    },
  ])("clusters: $text", ({ text, want }) => expect(clustersOf({ SLUICE_CLUSTERS: text })).toEqual(want));

  it.each([
    ["{", "SLUICE_CLUSTERS: expected JSON"],
    ["{}", "SLUICE_CLUSTERS: expected a list of clusters"],
    ['[{"name":"prod","region":"r"},{"name":"x"}]', "SLUICE_CLUSTERS[1]: expected name and region"],
    ["[7]", "SLUICE_CLUSTERS[0]: expected name and region"],
  ])("clusters that are none: %s", (text, want) => expect(() => clustersOf({ SLUICE_CLUSTERS: text })).toThrow(want));

  it.each<{ text: string | undefined; want: unknown }>([
    { text: undefined, want: {} },
    { text: "{}", want: {} },
    {
      text: '{"noCrossNamespaceRefs":true,"defaultServiceAccount":"flux","privateNetworks":["10.0.0.0/8"],"gitHubHosts":{"git.example.com":"https://git.example.com/api/v3"}}',
      want: {
        noCrossNamespaceRefs: true,
        defaultServiceAccount: "flux",
        privateNetworks: ["10.0.0.0/8"],
        gitHubHosts: { "git.example.com": "https://git.example.com/api/v3" },
      },
    },
  ])("settings: $text", ({ text, want }) => expect(settingsOf({ SLUICE_SETTINGS: text })).toEqual(want));

  it.each([
    ["[]", "SLUICE_SETTINGS: expected an object"],
    ["nonsense", "SLUICE_SETTINGS: expected JSON"],
    ['{"noCrossNamespaceRefs":"yes"}', "SLUICE_SETTINGS.noCrossNamespaceRefs: expected true or false"],
    ['{"defaultServiceAccount":7}', "SLUICE_SETTINGS.defaultServiceAccount: expected a text"],
    ['{"privateNetworks":"10.0.0.0/8"}', "SLUICE_SETTINGS.privateNetworks: expected a list of texts"],
    ['{"gitHubHosts":{"a":1}}', "SLUICE_SETTINGS.gitHubHosts: expected texts by host"],
    ['{"anyAddress":"true"}', "SLUICE_SETTINGS.anyAddress: expected true"],
  ])("settings that are none: %s", (text, want) => expect(() => settingsOf({ SLUICE_SETTINGS: text })).toThrow(want));
});
