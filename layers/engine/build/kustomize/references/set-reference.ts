import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, type Node, type NodeMap } from "../../node/node.ts";
import type { Setter } from "../fields/at-field-spec.ts";
import { withText } from "../fields/setters.ts";
import { nameOf, namespaceOf, type Resource, textOf } from "../resource/resource.ts";
import type { Candidates, Reach } from "./candidates.ts";
import type { ReferralSelector } from "./select-referral.ts";

/**
 * Puts the name that the referral has now into a scalar, the `name` of a map (with its namespace), or the items of a list of these.
 * Source: kustomize api/filters/nameref, set and seqFilter.
 */
export function createReferenceSetter(candidates: Candidates, reach: Reach, select: ReferralSelector): Setter {
  const setItem: Setter = (found) => {
    if (found === null) return ok(found);
    if (isMap(found)) return setMap(found, candidates, reach, select);
    return isList(found) ? problem(NESTED) : setScalar(found, candidates, reach, select);
  };
  return (found) => (isList(found) ? setItems(found, setItem) : setItem(found));
}

/** Go shows an address there. */
const NESTED =
  "&yaml.RNode{fieldPath:[]string(nil), value:(*yaml.Node)(0x0), ShouldKeep:false, Match:[]string(nil)} is expected to be either a string or a map of string";

function setItems(list: readonly Node[], setItem: Setter): Result<Node> {
  const items: Node[] = [];
  for (const item of list) {
    const set = setItem(item);
    if (!set.ok) return set;
    items.push(set.value);
  }
  return ok(items.every((item, index) => item === list[index]) ? list : items);
}

function setScalar(found: Node, candidates: Candidates, reach: Reach, select: ReferralSelector): Result<Node> {
  const referral = select(candidates.named(textOf(found), reach), haveSameName);
  if (!referral.ok || referral.value === undefined) return referral.ok ? ok(found) : referral;
  const name = nameOf(referral.value);
  return ok(name === "" ? found : withText(found, name));
}

function setMap(map: NodeMap, candidates: Candidates, reach: Reach, select: ReferralSelector): Result<Node> {
  if (map.name === undefined) return problem("path config error; no 'name' field in node");
  const oldName = textOf(map.name);
  const named = map.namespace === undefined ? candidates.named(oldName, reach) : candidates.namedIn(oldName, textOf(map.namespace), reach);
  const referral = select(named, haveSameNameAndNamespace);
  if (!referral.ok || referral.value === undefined) return referral.ok ? ok(map) : referral;
  const [name, namespace] = [nameOf(referral.value), namespaceOf(referral.value)];
  const withName = { ...map, name: withText(map.name, name) };
  // No namespace stands for any, not for the default one: what is written there stays.
  if (namespace === "") return ok(name === oldName ? map : withName);
  return ok({ ...withName, namespace: map.namespace === undefined ? namespace : withText(map.namespace, namespace) });
}

const haveSameName = ([first, ...others]: readonly Resource[]): boolean => first !== undefined && others.every((other) => nameOf(other) === nameOf(first));

const haveSameNameAndNamespace = ([first, ...others]: readonly Resource[]): boolean =>
  first !== undefined && others.every((other) => nameOf(other) === nameOf(first) && namespaceOf(other) === namespaceOf(first));
