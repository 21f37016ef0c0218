import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type Secret, secret } from "@sluice/engine/domain/secret.ts";

/** The text that is current. Throws when there is none, or not for this caller. */
export async function readCurrentSecret(client: SecretsManagerClient, id: string): Promise<Secret> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
  if (SecretString === undefined || SecretString === "") throw new Error("the secret holds no text");
  return secret(SecretString);
}
