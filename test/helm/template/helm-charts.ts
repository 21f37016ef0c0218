import { fileURLToPath } from "node:url";
import type { ChartCase } from "../chart-case.ts";
import { CASES } from "./cases.ts";
import { DATA, HELPERS } from "./expressions.ts";
import { ourAnswer, type TemplateCase } from "./ours.ts";

/** The same templates as charts, for the real helm: those that only use functions that Helm has, with the same sense. */

const OTHER_FUNCTIONS =
  /\b(strs|smap|same|int8|int64|uint8|uint64|float|bytes|nilmap|nillist|nilstrs|nilany|values|point|pointer|nilpoint|version|duration|fails|panics|want\w+|two|many|dict|slice|fail)\b/;

/** Of the data of a chart only `.Values` is the test's own, and in `.` there is more. */
const OTHER_DATA = /\{\{-? *(\.|\$) *-?\}\}|\s\.\s|\(\.\)|[\s(]\$[\s)]|\.absent\b(?<!Values\.absent)|\.Values(?![.\w])/;

const isForHelm = ({ files, missingKey }: TemplateCase): boolean => {
  const text = files.at(-1)?.[1] ?? "";
  return missingKey === "zero" && files[0]?.[1] === HELPERS && !OTHER_FUNCTIONS.test(text) && !OTHER_DATA.test(text);
};

const forHelm = CASES.filter(isForHelm).map((question) => ({ text: question.files.at(-1)?.[1] ?? "", fails: ourAnswer(question).err !== undefined }));

const VALUES = DATA.Values;

/** One chart for each template that ends in an error. */
const failingCharts: readonly ChartCase[] = forHelm
  .filter(({ fails }) => fails)
  .map(({ text }) => ({ about: text, files: { "templates/_helpers.tpl": HELPERS, "templates/a.yaml": text }, values: VALUES }));

const rendered = forHelm.filter(({ fails }) => !fails).map(({ text }) => text);

/** All others in one, each as JSON in a line of its own. */
const renderingChart: ChartCase = {
  about: "all templates that end well",
  files: {
    "templates/_helpers.tpl": HELPERS,
    ...Object.fromEntries(rendered.map((text, index) => [`templates/_${index}.tpl`, text])),
    "templates/a.yaml": rendered.map((_, index) => `c${index}: {{ include "shop/templates/_${index}.tpl" . | toJson }}\n`).join(""),
  },
  values: VALUES,
};

export const templateCharts: readonly ChartCase[] = [renderingChart, ...failingCharts];

/** What helm 4.1.4 prints for them, in their order: after a change of the cases, `node test/helm/main.ts templates --record` has to be run. */
export const GOLDEN_OF_HELM = fileURLToPath(new URL("../../golden/helm/templates-with-helm.json", import.meta.url));
