import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { readableFlags } from "../../../../lib/cli/flag-forms.ts";

function program(): Command {
  const get = new Command("get").addCommand(new Command("kustomizations").aliases(["ks"]).option("-w, --watch").option("-o, --output <string>"));
  const keep = new Command("uninstall").option("--keep [boolean]").option("--dry-run");
  return new Command("sluice").option("-n, --namespace <string>").addCommand(get).addCommand(keep).addCommand(new Command("__complete").option("--dry-run"));
}

function read(line: string): string {
  const reached: string[] = [];
  const words = readableFlags(program(), line.split(" "), (command) => reached.push(command.name()));
  return `${words.join(" ")} (${reached.at(-1) ?? "sluice"})`;
}

describe("a command line in the forms of pflag", () => {
  it.each([
    ["get ks", "get ks (kustomizations)"],
    ["get ks --watch", "get ks --watch (kustomizations)"],
    ["get ks --watch=true", "get ks --watch (kustomizations)"],
    ["get ks -w=1", "get ks -w (kustomizations)"],
    ["get ks --watch=false", "get ks (kustomizations)"],
    ["get ks --watch=F x", "get ks x (kustomizations)"],
    ["get ks --output=yaml", "get ks --output yaml (kustomizations)"],
    ["get ks --output=a=b", "get ks --output a=b (kustomizations)"],
    ["get ks -o=yaml", "get ks -o yaml (kustomizations)"],
    ["get ks -oyaml", "get ks -oyaml (kustomizations)"],
    ["get ks -o --watch=false", "get ks -o --watch=false (kustomizations)"],
    ["get ks -o", "get ks -o (kustomizations)"],
    ["-n get uninstall", "-n get uninstall (uninstall)"],
    ["get ks -- --watch=false", "get ks -- --watch=false (kustomizations)"],
    ["get ks --nope=false", "get ks --nope=false (kustomizations)"],
    ["get --watch=false", "get --watch=false (get)"],
    ["uninstall --keep=false", "uninstall --keep=false (uninstall)"],
    ["uninstall --keep --dry-run=false", "uninstall --keep (uninstall)"],
    ["__complete --dry-run=fal", "__complete --dry-run=fal (__complete)"],
    ["-", "- (sluice)"],
  ])("%s", (line, want) => expect(read(line)).toBe(want));

  it.each([
    ["get ks --watch=maybe", `invalid argument "maybe" for "-w, --watch" flag: strconv.ParseBool: parsing "maybe": invalid syntax`],
    ["uninstall --dry-run=", `invalid argument "" for "--dry-run" flag: strconv.ParseBool: parsing "": invalid syntax`],
  ])("%s is refused", (line, want) => expect(() => read(line)).toThrow(want));
});
