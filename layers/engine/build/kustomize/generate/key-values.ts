import { posix } from "node:path/posix";
import { ok, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";
import { type BuildProblem, buildProblem, failedBelow, within } from "../build-problem.ts";
import type { GeneratorArgs } from "../kustomization/kustomization.ts";
import type { Loader } from "../load/loader.ts";
import { envLines, utf8 } from "./env-lines.ts";

/** A value that is no valid UTF-8 comes as bytes. */
export type KeyValue = { readonly key: string; readonly value: string | Uint8Array };
type KeyValues = Result<readonly KeyValue[], BuildProblem>;

/**
 * What a generator is fed with: the pairs of env files, then literals, then files. The messages show the sources in full, literals among them, even those of secrets:
 * that is what kustomize prints. Source: kustomize api/kv, api/internal/generators ParseFileSource.
 */
export function keyValues({ envs, literals, files }: GeneratorArgs, loader: Loader): KeyValues {
  const all = [
    inside(
      `env source files: [${envs.join(" ")}]`,
      collect("envs", envs, (path) => envFile(path, loader)),
    ),
    inside(`literal sources [${literals.join(" ")}]`, collect("literals", literals, literal)),
    inside(
      `file sources: [${files.join(" ")}]`,
      collect("files", files, (source) => file(source, loader)),
    ),
  ];
  const failed = all.find((values) => !values.ok);
  return failed ?? ok(all.flatMap((values) => (values.ok ? values.value : [])));
}

/** The pairs of all sources; the first that fails ends it. */
function collect(field: string, sources: readonly string[], read: (source: string) => KeyValues): KeyValues {
  const values: KeyValue[] = [];
  for (const [index, source] of sources.entries()) {
    const pairs = read(source);
    if (!pairs.ok) return failedBelow([field, index], pairs.problem);
    for (const pair of pairs.value) values.push(pair);
  }
  return ok(values);
}

const inside = (words: string, values: KeyValues): KeyValues =>
  values.ok ? values : { ok: false, problem: within((message) => `${words}: ${message}`, values.problem) };

function envFile(path: string, loader: Loader): KeyValues {
  const loaded = loader.load(path);
  if (!loaded.ok) return loaded;
  const pairs = envLines(loaded.value.bytes);
  if (!pairs.ok) return buildProblem(pairs.problem.message, { file: loaded.value.path, line: pairs.problem.line });
  return ok(pairs.value.map(({ key, value }) => ({ key, value })));
}

function literal(source: string): KeyValues {
  const equals = source.indexOf("=");
  if (equals <= 0) return buildProblem(`invalid literal source ${source}, expected key=value`);
  return ok([{ key: source.slice(0, equals), value: withoutQuotes(source.slice(equals + 1)) }]);
}

const withoutQuotes = (text: string): string => (text.length > 1 && /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text);

function file(source: string, loader: Loader): KeyValues {
  const named = parseFileSource(source);
  if (!named.ok) return named;
  const { key, path } = named.value;
  const loaded = loader.load(path);
  return loaded.ok ? ok([{ key, value: utf8(loaded.value.bytes) ?? loaded.value.bytes }]) : loaded;
}

/** `path`, or `key=path`; the key is the name of the file where none is given. */
export function parseFileSource(source: string): Result<{ readonly key: string; readonly path: string }, BuildProblem> {
  const [key = "", path, ...more] = source.split("=");
  if (path === undefined) return ok({ key: posix.basename(source) || (source === "" ? "." : "/"), path: source });
  if (more.length > 0) return buildProblem(`source ${quote(source)} key name or file path contains '='`);
  if (key === "") return buildProblem(`missing key name for file path ${quote(path)} in source ${quote(source)}`);
  if (path === "") return buildProblem(`missing file path for key name ${quote(key)} in source ${quote(source)}`);
  return ok({ key, path });
}
