import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type Secret, secret } from "@sluice/engine/domain/secret.ts";
import { type Milliseconds, minutes, seconds } from "@sluice/engine/domain/time.ts";

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
/** Between two questions about one secret, however many signatures do not fit. */
const REFRESH_PAUSE = seconds(15);

type Known = { readonly values: readonly Secret[]; readonly at: number };

export function createSecretCache({ client, now, ttl = TTL }: SecretCacheOptions): SecretCache {
  const known = new Map<string, Known>();
  const asked = new Map<string, number>();
  const asking = new Map<string, Promise<readonly Secret[]>>();

  /** One question for all who ask at the same time. */
  function ask(arn: string): Promise<readonly Secret[]> {
    const there = asking.get(arn);
    if (there !== undefined) return there;
    asked.set(arn, now());
    const answer = load(arn).finally(() => asking.delete(arn));
    asking.set(arn, answer);
    return answer;
  }

  async function load(arn: string): Promise<readonly Secret[]> {
    const before = known.get(arn);
    try {
      const values = await readLive(client, arn);
      known.set(arn, { values, at: now() });
      return values;
    } catch (error) {
      // Silence is no reason to turn away what is signed rightly; "no such secret" and "you may not" are.
      if (before === undefined || isAnswer(error)) throw error;
      return before.values;
    }
  }

  const isOlder = (moment: number | undefined, span: number): boolean => moment === undefined || now() - moment >= span;

  return {
    live: async (arn) => {
      const there = known.get(arn);
      if (there === undefined) return ask(arn);
      const isDue = isOlder(there.at, ttl) && isOlder(asked.get(arn), REFRESH_PAUSE);
      return isDue ? ask(arn) : there.values;
    },
    refresh: async (arn) => {
      const there = known.get(arn);
      return there === undefined || isOlder(asked.get(arn), REFRESH_PAUSE) ? ask(arn) : there.values;
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

/** Said about this secret or about us. Throttling is no such thing, nor are 5xx and a network without an answer. */
const ANSWERS = new Set(["ResourceNotFoundException", "AccessDeniedException", "DecryptionFailure", "InvalidRequestException", "InvalidParameterException"]);
const isAnswer = (error: unknown): boolean => error instanceof Error && ANSWERS.has(error.name);
