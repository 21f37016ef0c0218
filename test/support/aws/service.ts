import type { AwsAnswer, AwsProblem } from "./answer.ts";
import type { Input } from "./input.ts";
import type { AwsRequest } from "./request.ts";

/** What a request asks for, known before anything is done. */
export type Operation = { readonly name: string; readonly input: Input };

/** One AWS service behind the fake's address. */
export type Service = {
  /** As the scope of a signature has it. */
  readonly name: string;
  /** Names what is asked for; throws an AwsProblem when the service has no such thing. */
  identify(request: AwsRequest): Operation;
  perform(operation: Operation, request: AwsRequest): Promise<AwsAnswer>;
  /** A problem in the form of the service's protocol. */
  refuse(problem: AwsProblem, request: AwsRequest): AwsAnswer;
};

/** What one operation takes and does. Members that are not listed are refused aloud. */
export type Doing<T> = {
  readonly members: readonly string[];
  readonly run: (input: Input, request: AwsRequest) => T | Promise<T>;
};
