import { GetParameterCommand, ParameterNotFound, type SSMClient } from "@aws-sdk/client-ssm";
import { type Installation, parameterNameOf, parseInstallation } from "./installation.ts";

export type InstallationAnswer =
  | { readonly kind: "found"; readonly installation: Installation }
  | { readonly kind: "absent" }
  | { readonly kind: "malformed"; readonly problem: string };

/** What the stack wrote for `cluster`. Throws when SSM does not answer, or not this caller. */
export async function readInstallation(client: SSMClient, cluster: string): Promise<InstallationAnswer> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: parameterNameOf(cluster) }));
    const parsed = parseInstallation(Parameter?.Value ?? "");
    return parsed.ok ? { kind: "found", installation: parsed.value } : { kind: "malformed", problem: parsed.problem };
  } catch (error) {
    if (error instanceof ParameterNotFound) return { kind: "absent" };
    throw error;
  }
}
