import { type Command, Option } from "commander";

/** Flags that every command has, as commander gives them. Source: reference 6.1. */
export type GlobalFlags = {
  readonly namespace?: string;
  readonly nsFollowsKubeContext?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly server?: string;
  readonly token?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly asUid?: string;
  readonly asUserExtra?: readonly string[];
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly timeout?: string;
  readonly verbose?: boolean;
};

const EVERYDAY: readonly (readonly [flags: string, text: string])[] = [
  ["-n, --namespace <string>", 'the namespace to work in (default "flux-system", or FLUX_SYSTEM_NAMESPACE)'],
  ["--ns-follows-kube-context", "work in the namespace of the kubeconfig's context (or FLUX_NS_FOLLOWS_KUBE_CONTEXT)"],
  ["--kubeconfig <string>", "the kubeconfig file (default KUBECONFIG, then ~/.kube/config)"],
  ["--context <string>", "the context of the kubeconfig"],
  ["--timeout <duration>", 'how long to wait (default "5m0s")'],
  ["--verbose", "print generated objects"],
];

const CONNECTION: readonly (readonly [flags: string, text: string])[] = [
  ["--as <string>", "the user to impersonate"],
  ["--as-group <stringArray>", "a group to impersonate; may be repeated"],
  ["--as-uid <string>", "the UID to impersonate"],
  ["--as-user-extra <stringArray>", "an extra of the impersonated user, key=value; may be repeated"],
  ["--cluster <string>", "the cluster of the kubeconfig"],
  ["--user <string>", "the user of the kubeconfig"],
  ["--server <string>", "the address of the API server"],
  ["--token <string>", "a bearer token"],
  ["--certificate-authority <string>", "a file with the certificate authority of the API server"],
  ["--client-certificate <string>", "a file with a client certificate"],
  ["--client-key <string>", "a file with the key of the client certificate"],
  ["--insecure-skip-tls-verify", "do not check the certificate of the API server"],
  ["--tls-server-name <string>", "the name to check the certificate of the API server against"],
];

/** Flags of the `flux` command that have no meaning here: taken, so that scripts work, and not shown. */
const IGNORED = ["--cache-dir <string>", "--disable-compression", "--kube-api-qps <float32>", "--kube-api-burst <int>"];

/** Adds the global flags to a command, and hides them where `shown` is false: they may stand before and after every word of a command line. */
export function addGlobalFlags(command: Command, shown: boolean): void {
  const add = (flags: string, text: string, group: string, hidden: boolean): void => {
    const option = new Option(flags, text).hideHelp(hidden);
    if (shown) option.helpGroup(group);
    // A command's own flag of that name stands for itself: `bootstrap --cluster` is no cluster of the kubeconfig.
    if (!shown && command.options.some(({ long }) => long === option.long)) return;
    if (flags.includes("Array>")) option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    command.addOption(option);
  };
  for (const [flags, text] of EVERYDAY) add(flags, text, "Flags:", !shown);
  for (const [flags, text] of CONNECTION) add(flags, text, "Connection:", !shown);
  for (const flags of IGNORED) add(flags, "", "Flags:", true);
}
