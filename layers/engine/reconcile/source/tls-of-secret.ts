import { ok, problem, type Result } from "../../domain/result.ts";
import type { HttpTls } from "../../ports/http-options.ts";
import type { SecretData } from "./secret-data.ts";

/** Own certificates; the legacy names count where the new ones are absent. Source: reference 0.8. */
export function tlsFor(data: SecretData): Result<HttpTls | undefined> {
  const either = (name: string, legacy: string) => data.get(name) ?? data.get(legacy);
  const ca = either("ca.crt", "caFile")?.reveal() ?? "";
  const certificate = either("tls.crt", "certFile")?.reveal() ?? "";
  const key = either("tls.key", "keyFile");
  const hasKey = key !== undefined && key.reveal() !== "";
  if (certificate !== "" && !hasKey) return problem("'tls.crt' requires 'tls.key' to be set");
  if (certificate === "" && hasKey) return problem("'tls.key' requires 'tls.crt' to be set");
  if (ca !== "" && !ca.includes("-----BEGIN CERTIFICATE-----")) return problem("'ca.crt' holds no PEM certificate");
  if (ca === "" && certificate === "") return ok(undefined);
  return ok({ ...(ca !== "" && { ca }), ...(certificate !== "" && key !== undefined && { certificate, key }) });
}
