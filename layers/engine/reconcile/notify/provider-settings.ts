import type { AlertRef } from "../../domain/delivery.ts";
import { jsonOf } from "../../domain/manifest-json.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import { COMMIT_STATUS_TYPES, isOneOf, PROVIDER_TYPES } from "../../domain/provider-type.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { apiVersionOfKind, KINDS } from "../../flux/kinds.ts";
import type { Provider } from "../../flux/provider-object.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { HttpProxy, HttpTls } from "../../ports/http-options.ts";
import type { ProviderSettings } from "../../ports/notifier.ts";
import { hasKey, hasTls, MAX_ADDRESS, type NamedSecret, proxyAt, proxyIn, readSecret, textUnder, tlsIn } from "./secrets.ts";
import { computedStatusId, defaultStatusId } from "./status-id.ts";

/** A Provider as a sender needs it. `hidden` has whatever must not be shown, also when something else is wrong. */
export type SettingsRead = { readonly hidden: readonly string[]; readonly settings: Result<ProviderSettings> };

const GATE = "to use spec.serviceAccountName for provider authentication please enable the ObjectLevelWorkloadIdentity feature gate in the controller";

/** Everybody may know them. */
const PUBLIC_KEYS: ReadonlySet<string> = new Set(["ca.crt", "caFile", "tls.crt", "certFile"]);

/**
 * Reads what the Provider names, in Flux's order, which decides what is complained about. The problem is what follows `failed to dispatch notification for …: `.
 * Source: reference 4.3; recorded in providers/bad-*, no-*, expr-*, service-account.
 */
export async function readSettings(cluster: Pick<Cluster, "get">, provider: Provider, event: NotifiedEvent, alert: AlertRef): Promise<SettingsRead> {
  if (provider.spec.serviceAccountName !== undefined) return { hidden: [], settings: problem(GATE) };
  const statusId = await findStatusId(cluster, provider, event, alert);
  if (!statusId.ok) return { hidden: [], settings: statusId };
  const hidden: string[] = [];
  const settings = await readParts(cluster, provider, hidden);
  const wrong = (text: string) => problem(`failed to initialize notifier for provider '${provider.metadata.name}': ${text}`);
  if (!settings.ok) return { hidden, settings: wrong(settings.problem) };
  const { type } = provider.spec;
  if (!isOneOf(PROVIDER_TYPES, type)) return { hidden, settings: wrong(`failed to initialize notifier: provider ${type} not supported`) };
  const { namespace, name, uid, annotations } = provider.metadata;
  const { channel, timeout } = provider.spec;
  return { hidden, settings: ok({ ...settings.value, type, namespace, name, uid, annotations, channel, timeout, statusId: statusId.value }) };
}

async function findStatusId(cluster: Pick<Cluster, "get">, provider: Provider, event: NotifiedEvent, { namespace, name }: AlertRef): Promise<Result<string>> {
  const { type, commitStatusExpr } = provider.spec;
  if (commitStatusExpr === undefined || !isOneOf(COMMIT_STATUS_TYPES, type)) return ok(defaultStatusId(event, provider));
  const answer = await cluster.get({ apiVersion: apiVersionOfKind(KINDS.Alert), kind: KINDS.Alert.kind, namespace, name });
  if (answer.kind !== "found") return problem(`failed to create commit status: failed to read alert: ${answer.message}`);
  const { id: _, ...shown } = event;
  return computedStatusId(commitStatusExpr, { event: shown, alert: jsonOf(answer.object), provider: jsonOf(provider.manifest) });
}

type Parts = Pick<ProviderSettings, "address" | "username" | "secrets" | "tls" | "proxy">;

async function readParts(cluster: Pick<Cluster, "get">, { spec, metadata }: Provider, hidden: string[]): Promise<Result<Parts>> {
  const read = async (name: string | undefined): Promise<Result<NamedSecret | undefined>> => {
    if (name === undefined) return ok(undefined);
    const found = await readSecret(cluster, metadata.namespace, name);
    if (found.ok) hidden.push(...secretTexts(found.value));
    return found;
  };

  const credentials = await read(spec.secretRef);
  if (!credentials.ok) return credentials;
  const own = credentials.value === undefined ? ok(undefined) : checkCredentials(credentials.value);
  if (!own.ok) return own;
  const proxySecret = await read(spec.proxySecretRef);
  if (!proxySecret.ok) return proxySecret;
  const proxy = findProxy(spec.proxy, credentials.value, proxySecret.value);
  if (!proxy.ok) return problem(`failed to get proxy URL: ${proxy.problem}`);
  const certificates = await read(spec.certSecretRef);
  if (!certificates.ok) return certificates;
  const tls = findTls(spec.type, credentials.value, certificates.value);
  if (!tls.ok) return problem(`failed to get TLS config: ${tls.problem}`);
  return ok({
    address: addressIn(credentials.value) ?? spec.address,
    username: usernameIn(credentials.value) ?? spec.username,
    secrets: credentials.value?.values ?? {},
    ...(tls.value !== undefined && { tls: tls.value }),
    ...(proxy.value !== undefined && { proxy: proxy.value }),
  });
}

const secretTexts = (given: NamedSecret): readonly string[] =>
  Object.entries(given.values).flatMap(([key, value]) => (PUBLIC_KEYS.has(key) ? [] : [value.reveal()]));

function checkCredentials(given: NamedSecret): Result<undefined> {
  if (Buffer.byteLength(textUnder(given, "address")) > MAX_ADDRESS) {
    return problem(`invalid address in secret: address exceeds maximum length of ${MAX_ADDRESS} bytes`);
  }
  const proxy = textUnder(given, "proxy").trim();
  return proxy !== "" && !URL.canParse(proxy) ? problem(`invalid 'proxy' in secret '${given.named}'`) : ok(undefined);
}

const addressIn = (given: NamedSecret | undefined): string | undefined =>
  given !== undefined && hasKey(given, "address") ? textUnder(given, "address").trim() : undefined;

/** Of a Secret with basic credentials the name to sign in with is the one that is shown, too. */
const usernameIn = (given: NamedSecret | undefined): string | undefined =>
  given !== undefined && hasKey(given, "username") && hasKey(given, "password") ? textUnder(given, "username") : undefined;

/** The last one counts: of the spec, of the Secret, of a Secret of its own. */
function findProxy(written: string | undefined, credentials: NamedSecret | undefined, own: NamedSecret | undefined): Result<HttpProxy | undefined> {
  if (own !== undefined) return proxyIn(own);
  const deprecated = credentials === undefined ? "" : textUnder(credentials, "proxy").trim();
  const address = deprecated === "" ? written : deprecated;
  return ok(address === undefined ? undefined : proxyAt(address));
}

/** Where a Secret of its own brings none, that of a commit status type may. */
function findTls(type: string, credentials: NamedSecret | undefined, own: NamedSecret | undefined): Result<HttpTls | undefined> {
  if (own !== undefined) return tlsIn(own);
  if (credentials === undefined || !isOneOf(COMMIT_STATUS_TYPES, type) || !hasTls(credentials)) return ok(undefined);
  const tls = tlsIn(credentials);
  return tls.ok ? tls : ok(undefined);
}
