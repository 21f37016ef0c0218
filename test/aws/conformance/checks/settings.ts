import { CreateSecretCommand, GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient, UpdateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, GetParametersByPathCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type Check, outcome, outcomes, type World } from "../check.ts";

const secretsOf = (world: World): SecretsManagerClient => new SecretsManagerClient({ ...world.client, maxAttempts: 1 });
const ssmOf = (world: World): SSMClient => new SSMClient({ ...world.client, maxAttempts: 1 });

export const SECRETS_CHECKS: readonly Check[] = [
  {
    id: "secrets: the current and the previous value",
    want: "two, one, AWSCURRENT",
    run: async (world) => {
      const client = secretsOf(world);
      const SecretId = world.name("secret");
      await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: "zero" }));
      await client.send(new UpdateSecretCommand({ SecretId, SecretString: "one" }));
      await client.send(new PutSecretValueCommand({ SecretId, SecretString: "two" }));
      const current = await client.send(new GetSecretValueCommand({ SecretId }));
      const previous = await client.send(new GetSecretValueCommand({ SecretId, VersionStage: "AWSPREVIOUS" }));
      return `${current.SecretString}, ${previous.SecretString}, ${current.VersionStages}`;
    },
  },
  {
    id: "secrets: by ARN",
    want: "v",
    run: async (world) => {
      const client = secretsOf(world);
      const { ARN } = await client.send(new CreateSecretCommand({ Name: world.name("secret"), SecretString: "v" }));
      return String((await client.send(new GetSecretValueCommand({ SecretId: ARN }))).SecretString);
    },
  },
  {
    id: "secrets: what is not there",
    want: "ResourceNotFoundException 400, ResourceNotFoundException 400, ResourceNotFoundException 400",
    run: async (world) => {
      const client = secretsOf(world);
      const SecretId = world.name("secret");
      const empty = world.name("empty");
      await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: "v" }));
      await client.send(new CreateSecretCommand({ Name: empty }));
      return outcomes(
        () => client.send(new GetSecretValueCommand({ SecretId: world.name("absent") })),
        () => client.send(new GetSecretValueCommand({ SecretId, VersionStage: "AWSPREVIOUS" })),
        () => client.send(new GetSecretValueCommand({ SecretId: empty })),
      );
    },
  },
  {
    id: "secrets: a name twice",
    want: "ok, ResourceExistsException 400",
    run: async (world) => {
      const client = secretsOf(world);
      const Name = world.name("secret");
      const create = () => client.send(new CreateSecretCommand({ Name, SecretString: "v" }));
      return outcomes(create, create);
    },
  },
  {
    id: "secrets: the same token again",
    want: "same, ResourceExistsException 400",
    run: async (world) => {
      const client = secretsOf(world);
      const SecretId = world.name("secret");
      await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: "v" }));
      const put = (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken: "t".repeat(32) }));
      const [first, second] = [await put("a"), await put("a")];
      return `${first.VersionId === second.VersionId ? "same" : "another"}, ${await outcome(put("b"))}`;
    },
  },
];

export const SSM_CHECKS: readonly Check[] = [
  {
    id: "ssm: a parameter and its version",
    want: "v 1, ParameterAlreadyExists 400, w 2",
    run: async (world) => {
      const client = ssmOf(world);
      const Name = `/${world.name("p")}/a`;
      const put = (Value: string, Overwrite: boolean) => client.send(new PutParameterCommand({ Name, Value, Type: "String", Overwrite }));
      const read = async (): Promise<string> => {
        const { Parameter } = await client.send(new GetParameterCommand({ Name }));
        return `${Parameter?.Value} ${Parameter?.Version}`;
      };
      await put("v", false);
      const first = await read();
      const refused = await outcome(put("w", false));
      await put("w", true);
      return `${first}, ${refused}, ${await read()}`;
    },
  },
  {
    id: "ssm: a parameter that is not there",
    want: "ParameterNotFound 400",
    run: (world) => outcome(ssmOf(world).send(new GetParameterCommand({ Name: `/${world.name("absent")}` }))),
  },
  {
    id: "ssm: by path, ten a page, not deeper unless asked",
    want: "10 1, 12 with the deeper, ValidationException 400",
    run: async (world) => {
      const client = ssmOf(world);
      const Path = `/${world.name("path")}`;
      const names = [...Array.from({ length: 11 }, (_, n) => `${Path}/c${n}`), `${Path}/deep/er`];
      for (const Name of names) await client.send(new PutParameterCommand({ Name, Value: "v", Type: "String" }));
      const page = async (NextToken: string | undefined, Recursive: boolean) => client.send(new GetParametersByPathCommand({ Path, NextToken, Recursive }));
      const first = await page(undefined, false);
      const second = await page(first.NextToken, false);
      const deep = await page(undefined, true);
      const rest = await page(deep.NextToken, true);
      const all = (deep.Parameters?.length ?? 0) + (rest.Parameters?.length ?? 0);
      const more = await outcome(client.send(new GetParametersByPathCommand({ Path, MaxResults: 11 })));
      return `${first.Parameters?.length} ${second.Parameters?.length}, ${all} with the deeper, ${more}`;
    },
  },
  {
    id: "ssm: a value of more than 4 KB",
    want: "ok, ValidationException 400",
    run: async (world) => {
      const put = (bytes: number) => () =>
        ssmOf(world).send(new PutParameterCommand({ Name: `/${world.name(`p${bytes}`)}`, Value: "v".repeat(bytes), Type: "String", Tier: "Standard" }));
      return outcomes(put(4096), put(4097));
    },
  },
];
