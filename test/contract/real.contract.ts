import { startApiServer } from "../support/kubernetes/api-server.ts";
import { describeCluster } from "./describe-cluster.ts";

const assets = process.env.KUBEBUILDER_ASSETS ?? "";
if (assets === "") throw new Error('KUBEBUILDER_ASSETS is not set: export KUBEBUILDER_ASSETS="$(test/support/kubernetes/assets)"');

describeCluster("kube-apiserver", () => startApiServer({ assets }));
