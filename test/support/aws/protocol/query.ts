import { notInTheFake } from "../answer.ts";
import type { Input } from "../input.ts";
import type { Doing, Service } from "../service.ts";
import { checkMembers } from "./json.ts";
import { escapeXml, renderXml } from "./xml.ts";

/** `a.b.1.c=x` as nested members; lists keep their `member`/`entry` level with their numbers as names. Source: Smithy, AWS query. */
export function parseQuery(params: URLSearchParams): Input {
  const root: Record<string, unknown> = Object.create(null);
  for (const [name, value] of params) {
    const parts = name.split(".");
    const last = parts.pop() ?? name;
    let at = root;
    for (const part of parts) at = descend(at, part);
    at[last] = value;
  }
  return root;
}

function descend(at: Record<string, unknown>, part: string): Record<string, unknown> {
  const present = at[part];
  if (isOpen(present)) return present;
  const made: Record<string, unknown> = Object.create(null);
  at[part] = made;
  return made;
}

const isOpen = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The elements of a list of the query protocol, in the order of their numbers. */
export function membersOf(list: Input, level: "member" | "entry"): readonly unknown[] {
  const numbered = list[level];
  if (!isOpen(numbered)) return [];
  return Object.entries(numbered)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => value);
}

/** A service of the AWS query protocol: a form in, XML out. Source: Smithy, AWS query. */
export function createQueryService(options: {
  readonly name: string;
  readonly namespace: string;
  readonly operations: Readonly<Record<string, Doing<object>>>;
}): Service {
  return {
    name: options.name,
    identify: (request) => {
      const params = new URLSearchParams([...request.query, ...new URLSearchParams(request.body.toString())]);
      const { Action: name, Version: _, ...input } = parseQuery(params);
      return { name: String(name), input: Object.fromEntries(Object.entries(input).filter(([key]) => !key.toLowerCase().startsWith("x-amz-"))) };
    },
    perform: async ({ name, input }, request) => {
      const doing = Object.hasOwn(options.operations, name) ? options.operations[name] : undefined;
      if (doing === undefined) throw notInTheFake(`${options.name} ${name}`);
      checkMembers(name, doing.members, input);
      const result = await doing.run(input, request);
      if ((request.headers["accept"] ?? "").includes("application/json")) {
        const wrapped = { [`${name}Response`]: { [`${name}Result`]: result, ResponseMetadata: { RequestId: request.requestId } } };
        return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(wrapped) };
      }
      const inner = renderXml({ [`${name}Result`]: result, ResponseMetadata: { RequestId: request.requestId } });
      return { status: 200, headers: { "content-type": "text/xml" }, body: `<${name}Response xmlns="${options.namespace}">${inner}</${name}Response>` };
    },
    refuse: (problem, request) => {
      const inner = renderXml({ Error: { Type: problem.status < 500 ? "Sender" : "Receiver", Code: problem.code, Message: problem.message } });
      const body = `<ErrorResponse xmlns="${options.namespace}">${inner}<RequestId>${escapeXml(request.requestId)}</RequestId></ErrorResponse>`;
      return { status: problem.status, headers: { "content-type": "text/xml" }, body };
    },
  };
}
