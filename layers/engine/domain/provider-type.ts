/** Flux's 32 types of Providers, and after them what Flux lacks. Source: reference 4.3. */
export const PROVIDER_TYPES = [
  "slack",
  "discord",
  "msteams",
  "rocket",
  "generic",
  "generic-hmac",
  "github",
  "gitlab",
  "gitea",
  "giteapullrequestcomment",
  "bitbucketserver",
  "bitbucket",
  "azuredevops",
  "googlechat",
  "googlepubsub",
  "webex",
  "sentry",
  "azureeventhub",
  "telegram",
  "lark",
  "matrix",
  "opsgenie",
  "alertmanager",
  "grafana",
  "githubdispatch",
  "githubpullrequestcomment",
  "gitlabmergerequestcomment",
  "pagerduty",
  "datadog",
  "nats",
  "zulip",
  "otel",
  "sns",
  "eventbridge",
  "sqs",
] as const;

export type ProviderType = (typeof PROVIDER_TYPES)[number];

/** Those that Flux's Provider does not have: `sluice export --for-flux` names the objects that use them. */
export const OWN_PROVIDER_TYPES = ["sns", "eventbridge", "sqs"] as const satisfies readonly ProviderType[];

export const COMMIT_STATUS_TYPES = ["github", "gitlab", "gitea", "bitbucketserver", "bitbucket", "azuredevops"] as const satisfies readonly ProviderType[];

/** They write into a pull or merge request. */
export const COMMENT_TYPES = ["githubpullrequestcomment", "gitlabmergerequestcomment", "giteapullrequestcomment"] as const satisfies readonly ProviderType[];

export const isOneOf = <const Type extends string>(types: readonly Type[], type: string): type is Type => types.some((each) => each === type);
