import { expect, it } from "vitest";
import { withoutVarying } from "../../conformance/snapshot/varying.ts";
import { placeholder } from "../../conformance/story/placeholder.ts";

const sha = "a".repeat(40);
const known = { namespace: "t1-x", gitUrl: "http://127.0.0.1:9", commits: new Map([[sha, "<one>"]]), source: "timeout: 5s" };
const [ns, git, tmp, address, duration, time] = ["NS", "GIT", "TMP", "ADDRESS", "DURATION", "TIME"].map(placeholder);

it.each([
  [`Deployment/t1-x/web at main@sha1:${sha}`, `Deployment/${ns}/web at main@sha1:<one>`],
  ["clone http://127.0.0.1:9/t1-x/app.git", `clone ${git}/${ns}/app.git`],
  ["dial 127.0.0.1:1234", `dial ${address}`],
  ["stat /tmp/kustomization-0/app", `stat ${tmp}/app`],
  ["lstat /tmp/gitrepository-checkout-000000/gone", `lstat ${tmp}/gone`],
  ["finished in 85.25ms, next run in 1h0m0s", `finished in ${duration}, next run in 1h0m0s`],
  ["with a timeout of 5s", "with a timeout of 5s"],
  [`v1@${"b".repeat(40)}`, "v1@<sha>"],
  ["at 2030-01-01T00:00:00Z", `at ${time}`],
  ["[Job/b status: 'Failed', Deployment/a status: 'Unknown']", "[Deployment/a status: 'Unknown', Job/b status: 'Failed']"],
])("%s", (text, want) => expect(withoutVarying(text, known)).toBe(want));
