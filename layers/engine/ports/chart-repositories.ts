import type { Secret } from "../domain/secret.ts";
import type { Milliseconds } from "../domain/time.ts";
import type { HttpTls } from "./http-options.ts";

/** Where charts come from: repositories over HTTP(S), and registries by the OCI distribution protocol. It throws nothing that a server can cause. */
export type ChartRepositories = {
  /** `<url>/index.yaml`. With the validators of the last answer an index that has not changed costs a conditional request. */
  index(target: ChartTarget, known?: IndexValidators): Promise<IndexAnswer>;
  /** The bytes of a chart at `url`, which an index of `target` named. Credentials go there as far as `passCredentials` lets them. */
  chart(target: ChartTarget, url: string): Promise<ChartAnswer>;
  /** All tags of a repository of a registry, with `+` where a tag has `_`. `repository` is `oci://host/path`. */
  tags(target: ChartTarget, repository: string): Promise<TagsOfChartAnswer>;
  /** The chart that `reference` (`oci://host/path:tag`, `+` where the tag has `_`) names, its digests checked. */
  pull(target: ChartTarget, reference: string): Promise<ChartAnswer>;
};

export type ChartTarget = {
  /** http, https or oci, as the HelmRepository says it. */
  readonly url: string;
  readonly credentials?: ChartCredentials;
  /** Credentials go to other hosts, too. */
  readonly passCredentials: boolean;
  readonly tls?: HttpTls;
  /** A registry without TLS. */
  readonly insecure: boolean;
  /** For each call of a method. */
  readonly timeout: Milliseconds;
};

export type ChartCredentials =
  | { readonly kind: "basic"; readonly username: string; readonly password: Secret }
  /** Our own rights in AWS: ECR's token. */
  | { readonly kind: "aws" };

/** What a server said of the version of a document: `ETag`, `Last-Modified`. At least one of them. */
export type IndexValidators = { readonly etag?: string; readonly lastModified?: string };

export type IndexAnswer =
  | { readonly kind: "found"; readonly bytes: Uint8Array; readonly validators?: IndexValidators }
  /** It is the one that had the validators. */
  | { readonly kind: "unchanged" }
  | ChartFailure;

export type ChartAnswer = { readonly kind: "found"; readonly bytes: Uint8Array } | ChartFailure;

export type TagsOfChartAnswer = { readonly kind: "listed"; readonly tags: readonly string[] } | ChartFailure;

/** `message` in Helm's and Go's words, without secrets: `failed to fetch https://charts.example.com/index.yaml : 404 Not Found`. */
export type ChartFailure = { readonly kind: "failed"; readonly message: string };
