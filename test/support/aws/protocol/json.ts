import { type AwsAnswer, AwsProblem, notInTheFake } from "../answer.ts";
import { type Input, parseObject } from "../input.ts";
import type { AwsRequest } from "../request.ts";
import type { Doing, Service } from "../service.ts";

/** Refuses what the fake would otherwise ignore. */
export function checkMembers(operation: string, members: readonly string[], input: Input): void {
  const unknown = Object.keys(input).find((name) => !members.includes(name) && input[name] !== undefined);
  if (unknown !== undefined) throw notInTheFake(`${operation}: ${unknown}`);
}

/** A service of the AWS JSON protocol: the operation in `X-Amz-Target`, all else in the body. Source: Smithy, AWS JSON 1.0 and 1.1. */
export function createJsonService(options: {
  readonly name: string;
  readonly target: string;
  readonly version: "1.0" | "1.1";
  readonly operations: Readonly<Record<string, Doing<object>>>;
}): Service {
  const type = `application/x-amz-json-${options.version}`;
  return {
    name: options.name,
    identify: (request) => {
      const [target, name = ""] = (request.headers["x-amz-target"] ?? "").split(".");
      if (target !== options.target) throw new AwsProblem("UnknownOperationException", `no target ${target}`);
      return { name, input: parseObject(request.body.toString()) };
    },
    perform: async ({ name, input }, request) => {
      const doing = Object.hasOwn(options.operations, name) ? options.operations[name] : undefined;
      if (doing === undefined) throw notInTheFake(`${options.name} ${name}`);
      checkMembers(name, doing.members, input);
      return { status: 200, headers: { "content-type": type }, body: JSON.stringify(await doing.run(input, request)) };
    },
    refuse: (problem, request) => refuseAsJson(problem, request, type),
  };
}

function refuseAsJson(problem: AwsProblem, request: AwsRequest, type: string): AwsAnswer {
  const old = problem.queryCode ?? problem.code;
  const fault = problem.status < 500 ? "Sender" : "Receiver";
  const query: Readonly<Record<string, string>> = request.headers["x-amzn-query-mode"] === "true" ? { "x-amzn-query-error": `${old};${fault}` } : {};
  return {
    status: problem.status,
    headers: { "content-type": type, "x-amzn-errortype": problem.code, ...query },
    body: JSON.stringify({ __type: problem.code, message: problem.message, ...problem.details }),
  };
}
