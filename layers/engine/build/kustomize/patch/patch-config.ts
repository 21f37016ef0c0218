import type { Node, NodeMap } from "../../node/node.ts";
import type { Patch, Selector } from "../kustomization/kustomization.ts";

/** The configuration of a PatchTransformer, as messages show it. What is empty is left out. Source: kustomize api/types, Patch. */
export const patchConfig = ({ path, patch, target, options }: Patch): NodeMap =>
  stated({
    path,
    patch,
    target: target && stated(target),
    options: options && stated(options),
  });

/** That of a PatchJson6902Transformer. */
export const patchJson6902Config = ({ path, patch, target }: Patch): NodeMap => stated({ target: target && stated(target), path, jsonOp: patch });

/** That of a PatchStrategicMergeTransformer. */
export const patchStrategicMergeConfig = (paths: readonly string[], patches = ""): NodeMap =>
  stated({ paths: paths.length === 0 ? undefined : paths, patches });

type Fields = { readonly [name: string]: Node | undefined };

const stated = (fields: Fields | Selector): NodeMap =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined || value === "" || value === false ? [] : [[name, value]])));
