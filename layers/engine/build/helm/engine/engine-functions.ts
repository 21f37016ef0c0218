import type { Json } from "../../../domain/json.ts";
import { isObject } from "../../../domain/json.ts";
import { quote } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import { failure } from "../go/result.ts";
import { DICT, STRING } from "../go/type.ts";
import { goMap } from "../go/value.ts";
import { goObject } from "../objects/values.ts";
import type { HelmLookup } from "../render.ts";
import { ARG, type GoFunction, type GoFunctions, goFunction } from "../template/functions.ts";
import type { Templates } from "../template/templates.ts";
import { warned } from "./error-words.ts";

/** A set of templates of its own costs more than what stands in it. */
const STEPS_OF_TPL = 4_000;

/** How often a name may be included within itself. */
const MAX_NESTED = 1000;

/** Helm takes Go's words for what is not there out of all that it renders. */
export const withoutNoValue = (text: string): string => text.replaceAll("<no value>", "");

/** `include` and `tpl` of one set of templates; `nested` counts for all sets of a render. Source: Helm 4, pkg/engine/engine.go, includeFun and tplFun. */
export function includingFunctions(set: Templates, nested: Map<string, number>): readonly (readonly [string, GoFunction])[] {
  const include = goFunction(
    [ARG.string, ARG.any],
    (name, data) => {
      const count = nested.get(name) ?? 0;
      if (count > MAX_NESTED) return failure(`rendering template has a nested reference name: ${name}: unable to execute template`);
      nested.set(name, count + 1);
      const output = set.execute(name, data);
      nested.set(name, count);
      return output.ok ? output.text : failure(output.failure.message);
    },
    STRING,
  );
  const tpl = goFunction(
    [ARG.string, ARG.any],
    (text, data) => {
      spend(STEPS_OF_TPL);
      const inner = set.clone();
      const parsed = inner.parse(set.name, text);
      if (!parsed.ok) return failure(`cannot parse template ${quote(text)}: ${parsed.message}`);
      const output = inner.run(parsed.template, data);
      return output.ok ? withoutNoValue(output.text) : failure(`error during tpl function execution for ${quote(text)}: ${output.failure.message}`);
    },
    STRING,
  );
  return [
    ["include", include],
    ["tpl", tpl],
  ];
}

/** The functions of Helm that are the same in all sets. `look` answers a look-up, or undefined when the answer is not known. */
export function helmFunctions(look: (lookup: HelmLookup) => Json | undefined): GoFunctions {
  const required = goFunction([ARG.string, ARG.any], (text, value) => (value === null || value === "" ? failure(warned(text)) : value));
  const fail = goFunction([ARG.string], (text) => failure(warned(text)), STRING);
  const lookup = goFunction(
    [ARG.string, ARG.string, ARG.string, ARG.string],
    (apiVersion, kind, namespace, name) => {
      const answer = look({ key: lookupKey(apiVersion, kind, namespace, name), apiVersion, kind, namespace, name });
      return isObject(answer) ? goObject(answer) : goMap();
    },
    DICT,
  );
  // No template may ask the network.
  const getHostByName = goFunction([ARG.string], (_host) => "", STRING);
  return new Map([
    ["required", required],
    ["fail", fail],
    ["lookup", lookup],
    ["getHostByName", getHostByName],
  ]);
}

/** What `HelmRenderInput.lookups` has the answer under: the object (or the list, with an empty name), or null when there is none. */
export const lookupKey = (apiVersion: string, kind: string, namespace: string, name: string): string => JSON.stringify([apiVersion, kind, namespace, name]);
