import { ok, problem, type Result } from "../../domain/result.ts";

/** `([-a-z0-9]+/?\.?)+`, written so that it takes no more time than the name is long. */
const NAME = /^[-a-z0-9]+(?:(?:\/\.?|\.)[-a-z0-9]+)*(?:\/\.?|\.)?$/;

/** The name of a chart in a repository or registry. Source: source-controller, RemoteReference.Validate. */
export function checkChartName(name: string): Result<string> {
  if (name === "") return problem("no name set for remote chart reference");
  if (NAME.test(name)) return ok(name);
  return problem(
    `invalid chart name '${name}': a valid name must be lower case letters and numbers and MAY be separated with dashes (-), slashes (/) or periods (.)`,
  );
}

/** The path of a chart in an artifact. Source: source-controller, LocalReference.Validate. */
export function checkChartPath(path: string): Result<string> {
  if (path === "") return problem("no path set for local chart reference");
  return path.startsWith("/") ? problem("local chart reference path is expected to be relative") : ok(path);
}
