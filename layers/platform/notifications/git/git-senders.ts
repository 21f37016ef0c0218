import type { ProviderType } from "@sluice/engine/domain/provider-type.ts";
import { createAppTokens } from "../../github/app-tokens.ts";
import type { Sender } from "../sender.ts";
import { type ApiVersions, createAzureDevOpsSender } from "./azure-devops.ts";
import { createBitbucketSender } from "./bitbucket.ts";
import { createBitbucketServerSender } from "./bitbucket-server.ts";
import { createGiteaSender } from "./gitea.ts";
import { createGiteaCommentSender } from "./gitea-pull-request-comment.ts";
import { createGitHubSender } from "./github.ts";
import { createGitHubDispatchSender } from "./github-dispatch.ts";
import { createGitHubCommentSender } from "./github-pull-request-comment.ts";
import { createGitLabSender } from "./gitlab.ts";
import { createGitLabCommentSender } from "./gitlab-merge-request-comment.ts";
import { inTurn } from "./in-turn.ts";

/** Whatever speaks to git servers. They share the tokens of GitHub Apps, and remember what a server of Azure DevOps speaks, for as long as they live. */
export function createGitSenders() {
  const tokens = createAppTokens();
  const versions: ApiVersions = new Map();
  return {
    github: inTurn(createGitHubSender(tokens)),
    githubdispatch: createGitHubDispatchSender(tokens),
    githubpullrequestcomment: inTurn(createGitHubCommentSender(tokens)),
    gitlab: inTurn(createGitLabSender()),
    gitlabmergerequestcomment: inTurn(createGitLabCommentSender()),
    gitea: inTurn(createGiteaSender()),
    giteapullrequestcomment: inTurn(createGiteaCommentSender()),
    bitbucket: inTurn(createBitbucketSender()),
    bitbucketserver: inTurn(createBitbucketServerSender()),
    azuredevops: inTurn(createAzureDevOpsSender(versions)),
  } satisfies { readonly [Type in ProviderType]?: Sender };
}
