import { createHash } from "node:crypto";
import { AwsProblem } from "../answer.ts";
import type { AwsClock } from "../clock.ts";
import { type Input, maybeText, textOf, textsOf } from "../input.ts";
import { createJsonService } from "../protocol/json.ts";
import { type AwsRequest, type Place, perPlace, placeOf } from "../request.ts";
import type { Doing, Service } from "../service.ts";

export type FakeSecrets = {
  /** Makes the secret, or gives it a next version, whose predecessor is AWSPREVIOUS from then on; says its ARN. */
  put(name: string, value: string): string;
};

type Version = {
  readonly id: string;
  readonly text: string | undefined;
  readonly binary: string | undefined;
  readonly createdAt: number;
  stages: readonly string[];
};
type Secret = { readonly name: string; readonly arn: string; readonly versions: Version[] };

const VALUE = ["SecretString", "SecretBinary", "ClientRequestToken"];
const MAX_SECRET_BYTES = 65_536;
const notFound = (): AwsProblem => new AwsProblem("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");

/** Secrets and the stages of their versions. Source: Secrets Manager User Guide, "What's in a secret", and API. */
export function createSecretsManager(clock: AwsClock, home: Place): { readonly service: Service; readonly secrets: FakeSecrets } {
  const secretsIn = perPlace(() => new Map<string, Secret>());

  const find = (place: Place, id: string): Secret => {
    const all = [...secretsIn(place).values()];
    const secret = all.find(({ name, arn }) => id === name || id === arn || id === arn.slice(0, -7));
    if (secret === undefined) throw notFound();
    return secret;
  };

  const create = (place: Place, name: string): Secret => {
    if (!/^[\w/+=.@-]{1,512}$/.test(name)) throw new AwsProblem("InvalidParameterException", "Invalid name.");
    if (secretsIn(place).has(name)) throw new AwsProblem("ResourceExistsException", `The operation failed because the secret ${name} already exists.`);
    const suffix = createHash("sha256").update(name).digest("hex").slice(0, 6);
    const secret: Secret = { name, arn: `arn:aws:secretsmanager:${place.region}:${place.account}:secret:${name}-${suffix}`, versions: [] };
    secretsIn(place).set(name, secret);
    return secret;
  };

  /** A repeat with the same token and value is the same version; with another value it is refused. */
  const addVersion = (secret: Secret, input: Input): Version => {
    const text = maybeText(input, "SecretString");
    const binary = maybeText(input, "SecretBinary");
    if ((text === undefined) === (binary === undefined))
      throw new AwsProblem("InvalidRequestException", "You must provide either SecretString or SecretBinary.");
    if (Buffer.byteLength(text ?? binary ?? "") > MAX_SECRET_BYTES)
      throw new AwsProblem("InvalidParameterException", "The secret value is longer than 65536 bytes.");
    const id = maybeText(input, "ClientRequestToken") ?? `version-${secret.name}-${secret.versions.length + 1}`.padEnd(32, "0");
    const same = secret.versions.find((version) => version.id === id);
    if (same !== undefined) {
      if (same.text === text && same.binary === binary) return same;
      throw new AwsProblem("ResourceExistsException", "A version with this ClientRequestToken exists already with another value.");
    }
    const stages = input["VersionStages"] === undefined ? ["AWSCURRENT"] : textsOf(input, "VersionStages");
    const before = secret.versions.find((version) => version.stages.includes("AWSCURRENT"));
    for (const version of secret.versions) version.stages = version.stages.filter((stage) => !stages.includes(stage));
    if (stages.includes("AWSCURRENT") && before !== undefined) {
      for (const version of secret.versions) version.stages = version.stages.filter((stage) => stage !== "AWSPREVIOUS");
      before.stages = [...before.stages, "AWSPREVIOUS"];
    }
    const version: Version = { id, text, binary, createdAt: clock.now(), stages };
    secret.versions.push(version);
    return version;
  };

  const read = (input: Input, request: AwsRequest): object => {
    const secret = find(placeOf(request), textOf(input, "SecretId"));
    const id = maybeText(input, "VersionId");
    const stage = maybeText(input, "VersionStage") ?? (id === undefined ? "AWSCURRENT" : undefined);
    const version = secret.versions.find((one) => (id === undefined || one.id === id) && (stage === undefined || one.stages.includes(stage)));
    if (version === undefined) {
      const what = stage === undefined ? `VersionId: ${id}` : `staging label: ${stage}`;
      throw new AwsProblem("ResourceNotFoundException", `Secrets Manager can't find the specified secret value for ${what}`);
    }
    return {
      ...describe(secret, version),
      SecretString: version.text,
      SecretBinary: version.binary,
      VersionStages: version.stages,
      CreatedDate: version.createdAt / 1000,
    };
  };

  const operations: Readonly<Record<string, Doing<object>>> = {
    CreateSecret: {
      members: ["Name", "Description", "KmsKeyId", "Tags", ...VALUE],
      run: (input, request) => {
        const secret = create(placeOf(request), textOf(input, "Name"));
        const hasValue = input["SecretString"] !== undefined || input["SecretBinary"] !== undefined;
        return describe(secret, hasValue ? addVersion(secret, input) : undefined);
      },
    },
    PutSecretValue: {
      members: ["SecretId", "VersionStages", ...VALUE],
      run: (input, request) => {
        const secret = find(placeOf(request), textOf(input, "SecretId"));
        const version = addVersion(secret, input);
        return { ...describe(secret, version), VersionStages: version.stages };
      },
    },
    UpdateSecret: {
      members: ["SecretId", "Description", "KmsKeyId", ...VALUE],
      run: (input, request) => {
        const secret = find(placeOf(request), textOf(input, "SecretId"));
        const hasValue = input["SecretString"] !== undefined || input["SecretBinary"] !== undefined;
        return describe(secret, hasValue ? addVersion(secret, input) : undefined);
      },
    },
    GetSecretValue: { members: ["SecretId", "VersionId", "VersionStage"], run: read },
    DescribeSecret: {
      members: ["SecretId"],
      run: (input, request) => {
        const secret = find(placeOf(request), textOf(input, "SecretId"));
        const staged = secret.versions.filter(({ stages }) => stages.length > 0);
        return { ARN: secret.arn, Name: secret.name, VersionIdsToStages: Object.fromEntries(staged.map(({ id, stages }) => [id, stages])) };
      },
    },
  };

  return {
    service: createJsonService({ name: "secretsmanager", target: "secretsmanager", version: "1.1", operations }),
    secrets: {
      put: (name, value) => {
        const secret = secretsIn(home).get(name) ?? create(home, name);
        addVersion(secret, { SecretString: value });
        return secret.arn;
      },
    },
  };
}

const describe = (secret: Secret, version: Version | undefined): object => ({ ARN: secret.arn, Name: secret.name, VersionId: version?.id });
