import type { EpochMs } from "../../../domain/time.ts";
import { STRING } from "../go/type.ts";
import { type GoFunctions, goFunction } from "../template/functions.ts";
import { createCertificateFunctions } from "./certificates.ts";
import { chanceFunctions } from "./chance/chance-functions.ts";
import { createCryptoFunctions } from "./crypto.ts";
import { createDateFunctions } from "./dates.ts";
import { DICT_FUNCTIONS } from "./dicts/dict-functions.ts";
import { ENCODING_FUNCTIONS } from "./encoding/encoding-functions.ts";
import { JSON_FUNCTIONS } from "./json/json-functions.ts";
import { LIST_FUNCTIONS } from "./lists/list-functions.ts";
import { NUMBER_FUNCTIONS } from "./numbers/number-functions.ts";
import { createRandomFunctions } from "./random.ts";
import { REFLECTION_FUNCTIONS } from "./reflection-functions.ts";
import { regexFunctions } from "./regex/regex-functions.ts";
import { createSemverFunctions } from "./semver.ts";
import { TEXT_FUNCTIONS } from "./text/text-functions.ts";
import { TOML_FUNCTIONS } from "./toml/toml-functions.ts";
import { URL_FUNCTIONS } from "./url/url-functions.ts";
import { createUuidFunctions } from "./uuid.ts";
import { YAML_FUNCTIONS } from "./yaml/yaml-functions.ts";

/** `seed`: 32 bytes from which all chance of one render is drawn. */
export type FunctionInput = { readonly seed: Uint8Array; readonly now: EpochMs };

/**
 * All functions that do not know the chart: those of sprig and Helm but `include`, `tpl`, `required`, `fail` and `lookup`. For one render: chance goes on
 * from call to call, and expressions stay compiled. `env` and `expandenv` do not exist.
 */
export function createFunctions({ seed, now }: FunctionInput): GoFunctions {
  return new Map([
    ...createCertificateFunctions(seed, now),
    ...createCryptoFunctions(seed),
    ...createDateFunctions(now),
    ...createRandomFunctions(seed),
    ...createSemverFunctions(),
    ...createUuidFunctions(seed),
    ...Object.entries({
      ...chanceFunctions(seed),
      ...DICT_FUNCTIONS,
      ...ENCODING_FUNCTIONS,
      ...JSON_FUNCTIONS,
      ...LIST_FUNCTIONS,
      ...NUMBER_FUNCTIONS,
      ...REFLECTION_FUNCTIONS,
      ...regexFunctions(),
      ...TEXT_FUNCTIONS,
      ...TOML_FUNCTIONS,
      ...URL_FUNCTIONS,
      ...YAML_FUNCTIONS,
      hello: goFunction([], () => "Hello!", STRING),
    }),
  ]);
}
