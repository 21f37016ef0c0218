import { AwsProblem } from "../answer.ts";
import type { AwsClock } from "../clock.ts";
import { type Input, maybeFlag, maybeNumber, maybeText, textOf } from "../input.ts";
import { createJsonService } from "../protocol/json.ts";
import { type AwsRequest, type Place, perPlace, placeOf } from "../request.ts";
import type { Doing, Service } from "../service.ts";

export type FakeSsm = { put(name: string, value: string): void; read(name: string): string | undefined };

type Parameter = { readonly name: string; readonly type: string; readonly value: string; readonly version: number; readonly changedAt: number };

const MAX_BYTES: Readonly<Record<string, number>> = { Standard: 4096, Advanced: 8192, "Intelligent-Tiering": 8192 };

/** Parameter Store. Source: Systems Manager API, PutParameter, GetParameter, GetParametersByPath, DeleteParameter. */
export function createSsm(clock: AwsClock, home: Place): { readonly service: Service; readonly ssm: FakeSsm } {
  const parametersIn = perPlace(() => new Map<string, Parameter>());

  const put = (place: Place, name: string, value: string, type: string): Parameter => {
    const version = (parametersIn(place).get(name)?.version ?? 0) + 1;
    const parameter = { name, type, value, version, changedAt: clock.now() };
    parametersIn(place).set(name, parameter);
    return parameter;
  };

  const describe = (place: Place, { name, type, value, version, changedAt }: Parameter): object => ({
    Name: name,
    Type: type,
    Value: value,
    Version: version,
    LastModifiedDate: changedAt / 1000,
    ARN: `arn:aws:ssm:${place.region}:${place.account}:parameter${name.startsWith("/") ? "" : "/"}${name}`,
    DataType: "text",
  });

  const putParameter = (input: Input, request: AwsRequest): object => {
    const name = textOf(input, "Name");
    const value = textOf(input, "Value");
    const present = parametersIn(placeOf(request)).get(name);
    checkName(name);
    if (value === "") throw new AwsProblem("ValidationException", "1 validation error detected: Value '' at 'value' failed to satisfy constraint");
    const tier = maybeText(input, "Tier") ?? "Standard";
    if (Buffer.byteLength(value) > (MAX_BYTES[tier] ?? 0))
      throw new AwsProblem("ValidationException", `${tier} tier parameters support a maximum parameter value of ${MAX_BYTES[tier]} characters.`);
    if (present !== undefined && maybeFlag(input, "Overwrite") !== true) {
      throw new AwsProblem("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
    }
    const type = maybeText(input, "Type") ?? present?.type;
    if (type === undefined) throw new AwsProblem("ValidationException", "A parameter type is required when you create a parameter.");
    return { Version: put(placeOf(request), name, value, type).version, Tier: tier };
  };

  const byPath = (input: Input, request: AwsRequest): object => {
    const path = textOf(input, "Path");
    if (!path.startsWith("/")) throw new AwsProblem("ValidationException", "The parameter doesn't meet the parameter name requirements.");
    const max = maybeNumber(input, "MaxResults") ?? 10;
    if (!(max >= 1 && max <= 10))
      throw new AwsProblem(
        "ValidationException",
        `1 validation error detected: Value '${max}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10`,
      );
    const prefix = path.endsWith("/") ? path : `${path}/`;
    const deep = maybeFlag(input, "Recursive") === true;
    const after = maybeText(input, "NextToken") ?? "";
    const found = [...parametersIn(placeOf(request)).values()]
      .filter(({ name }) => name.startsWith(prefix) && (deep || !name.slice(prefix.length).includes("/")) && name > after)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const page = found.slice(0, max);
    return { Parameters: page.map((one) => describe(placeOf(request), one)), NextToken: found.length > page.length ? page.at(-1)?.name : undefined };
  };

  const operations: Readonly<Record<string, Doing<object>>> = {
    PutParameter: { members: ["Name", "Value", "Type", "Overwrite", "Tier", "Description"], run: putParameter },
    GetParameter: {
      members: ["Name", "WithDecryption"],
      run: (input, request) => {
        const found = parametersIn(placeOf(request)).get(textOf(input, "Name"));
        if (found === undefined) throw new AwsProblem("ParameterNotFound", `Parameter ${textOf(input, "Name")} not found.`);
        return { Parameter: describe(placeOf(request), found) };
      },
    },
    GetParametersByPath: { members: ["Path", "Recursive", "MaxResults", "NextToken", "WithDecryption"], run: byPath },
    DeleteParameter: {
      members: ["Name"],
      run: (input, request) => {
        if (!parametersIn(placeOf(request)).delete(textOf(input, "Name")))
          throw new AwsProblem("ParameterNotFound", `Parameter ${textOf(input, "Name")} not found.`);
        return {};
      },
    },
  };

  return {
    service: createJsonService({ name: "ssm", target: "AmazonSSM", version: "1.1", operations }),
    ssm: { put: (name, value) => void put(home, name, value, "String"), read: (name) => parametersIn(home).get(name)?.value },
  };
}

function checkName(name: string): void {
  if (!/^[\w./-]{1,1011}$/.test(name) || name.endsWith("/") || name.includes("//")) {
    throw new AwsProblem(
      "ValidationException",
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). It must consist of letters, numbers and ._-/',
    );
  }
  if (/^\/?(aws|ssm)/i.test(name)) throw new AwsProblem("AccessDeniedException", `No access to reserved parameter name: ${name}.`);
}
