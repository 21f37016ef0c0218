import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type Secret, secret } from "@sluice/engine/domain/secret.ts";
import { type Milliseconds, minutes } from "@sluice/engine/domain/time.ts";
import { createKeptByName } from "../aws/kept.ts";

export type SecretCacheOptions = {
  readonly client: SecretsManagerClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a value is used without asking; five minutes unless said. */
  readonly ttl?: Milliseconds;
};

export type SecretCache = {
  /**
   * The values that are live now: the current one, then the one before it where there is one, so that a rotation loses nothing. Those that are known are used
   * on when Secrets Manager does not answer. Throws when it has no value, and when it does not answer and none is known.
   */
  live(arn: string): Promise<readonly Secret[]>;
  /** As `live`, asked anew: for a signature that fits no live value, since there may be a newer one. Asks seldom enough that forgers cannot make us ask. */
  refresh(arn: string): Promise<readonly Secret[]>;
};

const TTL = minutes(5);

export function createSecretCache({ client, now, ttl = TTL }: SecretCacheOptions): SecretCache {
  const keptOf = createKeptByName<readonly Secret[]>((arn) => ({ load: () => readLive(client, arn), now, until: (_, at) => at + ttl }));
  return {
    live: (arn) => keptOf(arn).get(),
    refresh: (arn) => {
      const kept = keptOf(arn);
      kept.expire();
      return kept.get();
    },
  };
}

async function readLive(client: SecretsManagerClient, arn: string): Promise<readonly Secret[]> {
  const [current, previous] = await Promise.all([readStage(client, arn, "AWSCURRENT"), readStage(client, arn, "AWSPREVIOUS").catch(ifNoSuchStage)]);
  // Whoever signs with nothing would be let in.
  if (current === undefined || current === "") throw new Error(`secret ${arn} has no text as its current value`);
  return [...new Set([current, ...(previous === undefined || previous === "" ? [] : [previous])])].map(secret);
}

async function readStage(client: SecretsManagerClient, arn: string, stage: string): Promise<string | undefined> {
  return (await client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage: stage }))).SecretString;
}

/** A secret that was never rotated has one value. Should it be the secret that is missing, asking for the current one says so. */
function ifNoSuchStage(error: unknown): undefined {
  if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
  throw error;
}
