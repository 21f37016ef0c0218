import type { GoFunction } from "../template/functions.ts";
import { DICT_FUNCTIONS } from "./dicts/dict-functions.ts";
import { ENCODING_FUNCTIONS } from "./encoding/encoding-functions.ts";
import { JSON_FUNCTIONS } from "./json/json-functions.ts";
import { LIST_FUNCTIONS } from "./lists/list-functions.ts";
import { NUMBER_FUNCTIONS } from "./numbers/number-functions.ts";
import { REFLECTION_FUNCTIONS } from "./reflection-functions.ts";
import { regexFunctions } from "./regex/regex-functions.ts";
import { TEXT_FUNCTIONS } from "./text/text-functions.ts";
import { TOML_FUNCTIONS } from "./toml/toml-functions.ts";
import { URL_FUNCTIONS } from "./url/url-functions.ts";
import { YAML_FUNCTIONS } from "./yaml/yaml-functions.ts";

export function createFunctions(): ReadonlyMap<string, GoFunction> {
  return new Map(
    Object.entries({
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
    }),
  );
}
