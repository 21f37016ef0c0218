import { hasIdentity } from "./git-check.ts";
import type { Local } from "./main.ts";
import { shellWord } from "./shell-word.ts";

/** What a person needs to go on: where everything is, and three things to try, each as a command to copy. */
export async function whatNext(local: Local): Promise<string> {
  const { cloneUrl, logFile } = local;
  const files = local.kubeconfigFiles.join(":");
  const places = [
    ["kubeconfig", local.context === undefined ? files : `${files} (context ${local.context})`],
    ...(cloneUrl === undefined ? [] : [["repository", cloneUrl]]),
    ["log", logFile],
  ].map(([name = "", place]) => `${name.padEnd(10)}  ${place}\n`);
  const setUp = `export KUBECONFIG=${shellWord(files)} PATH="$PATH":${shellWord(local.commands)}`;
  const tries = cloneUrl === undefined ? `For another terminal:\n\n  ${setUp}\n` : threeThings(local, cloneUrl, setUp, await hasIdentity());
  return `\n${places.join("")}\n${tries}\nCtrl-C stops.\n`;
}

function threeThings({ context, namespace }: Local, cloneUrl: string, setUp: string, known: boolean): string {
  const with_ = context === undefined ? "" : ` --context ${shellWord(context)}`;
  const sluice = (words: string): string => `sluice${with_} ${words}${namespace === "flux-system" ? "" : ` -n ${namespace}`}`;
  const scale = `kubectl${with_} -n workshop scale deployment nginx --replicas=1`;
  const commit = known ? "git commit" : "git -c user.name=me -c user.email=me@localhost commit";
  return `Three things to try, in another terminal:

  ${setUp}

  1. Push a change: it is in the cluster within a second.
     cd "$(mktemp -d)" && git clone -q ${cloneUrl} . && sed -i.bak 's/replicas: 3/replicas: 5/' gitops/applications/01-sample-app.yaml && ${commit} -qam "Five replicas" && git push -q

  2. Change the cluster by hand: the next look finds it, and Git wins.
     ${scale} && ${sluice("reconcile kustomization applications")}

  3. Suspend: the cluster is left as it is, until you resume.
     ${sluice("suspend kustomization applications")} && ${scale}
     ${sluice("resume kustomization applications")}
`;
}
