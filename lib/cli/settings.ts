import { parseDuration } from "@sluice/engine/domain/duration.ts";
import { DEFAULT_NAMESPACE, DEFAULT_TIMEOUT, type Environment } from "../config.ts";
import type { Settings } from "./cli.ts";
import { Failure } from "./failure.ts";
import type { GlobalFlags } from "./global-flags.ts";

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * The global flags, checked, with what the environment adds. `contextNamespace` is asked only where the namespace shall follow the kubeconfig.
 * Throws a Failure that names the wrong flag. Source: reference 6.1.
 */
export async function readSettings(environment: Environment, flags: GlobalFlags, contextNamespace: () => Promise<string | undefined>): Promise<Settings> {
  const given = flags.timeout ?? DEFAULT_TIMEOUT;
  const timeout = parseDuration(given);
  if (timeout === undefined)
    throw new Failure(`invalid argument ${JSON.stringify(given)} for "--timeout" flag: time: invalid duration ${JSON.stringify(given)}`);
  const follows = flags.namespace === undefined && (flags.nsFollowsKubeContext === true || environment.namespaceFollowsContext);
  const followed = follows ? await contextNamespace() : undefined;
  const namespace = flags.namespace ?? (followed || undefined) ?? usable(environment.namespace) ?? DEFAULT_NAMESPACE;
  if (!LABEL.test(namespace)) throw new Failure(`namespace must be a valid DNS label: ${JSON.stringify(namespace)}`);
  return { namespace, timeout, verbose: flags.verbose === true, flags };
}

/** A namespace out of the environment that is none is passed over. */
const usable = (namespace: string | undefined): string | undefined => (namespace !== undefined && LABEL.test(namespace) ? namespace : undefined);
