/** A rule of text/template and templates that show it. What is right is what Go said, in test/golden/helm/templates.json. */
export type Rule = { readonly rule: string; readonly texts: readonly string[] };
