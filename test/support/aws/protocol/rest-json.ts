import { type AwsProblem, notInTheFake } from "../answer.ts";
import { type Input, parseObject } from "../input.ts";
import type { AwsRequest } from "../request.ts";
import type { Doing, Operation, Service } from "../service.ts";
import { checkMembers } from "./json.ts";

export type Route = Doing<object> & {
  readonly operation: string;
  readonly method: string;
  /** With `{name}` for a segment. */
  readonly path: string;
};

/** A service of the REST JSON protocol: members in the path, the query and the body. Source: Smithy, AWS restJson1. */
export function createRestJsonService(options: { readonly name: string; readonly routes: readonly Route[] }): Service {
  const identify = (request: AwsRequest): Operation => {
    for (const route of options.routes) {
      const labels = request.method === route.method ? matchPath(route.path, request.path) : undefined;
      if (labels !== undefined) return { name: route.operation, input: { ...parseObject(request.body.toString()), ...fromQuery(request.query), ...labels } };
    }
    throw notInTheFake(`${options.name} ${request.method} ${request.path}`);
  };
  return {
    name: options.name,
    identify,
    perform: async ({ name, input }, request) => {
      const route = options.routes.find((one) => one.operation === name);
      if (route === undefined) throw notInTheFake(`${options.name} ${name}`);
      checkMembers(name, route.members, input);
      return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(await route.run(input, request)) };
    },
    refuse: refuseAsRestJson,
  };
}

/** A problem in the REST JSON protocol. */
export function refuseAsRestJson(problem: AwsProblem): { status: number; headers: Record<string, string>; body: string } {
  const body = JSON.stringify({ message: problem.message, ...problem.details });
  return { status: problem.status, headers: { "content-type": "application/json", "x-amzn-errortype": problem.code }, body };
}

const fromQuery = (query: URLSearchParams): Input => Object.fromEntries([...query].filter(([name]) => !name.toLowerCase().startsWith("x-amz-")));

/** The labels of a path, or undefined when it is another one. */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split("/");
  const given = path.replace(/(?<=.)\/$/, "").split("/");
  if (wanted.length !== given.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    const label = /^\{(\w+)\}$/.exec(part)?.[1];
    if (label === undefined && part !== value) return undefined;
    if (label !== undefined) labels[label] = decodeURIComponent(value);
  }
  return labels;
}
