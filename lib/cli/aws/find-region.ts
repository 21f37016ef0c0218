import type { Cli, Session } from "../cli.ts";
import { Failure } from "../failure.ts";

/** Where the installation is: what the flag says, else the kubeconfig's region, else that of the environment. Throws a Failure where none says. */
export function findRegion(cli: Cli, session: Pick<Session, "awsRegion"> | undefined, flag: string | undefined): string {
  const region = flag ?? session?.awsRegion ?? cli.access.awsRegion;
  if (region === undefined || region === "") throw new Failure("the AWS region is not known: neither --region, the kubeconfig nor AWS_REGION names one");
  if (!/^[a-z]{2,}(-[a-z0-9]+)+$/.test(region)) throw new Failure(`invalid argument ${JSON.stringify(region)} for "--region" flag: not a region of AWS`);
  return region;
}

/** A cluster's name goes into the name of a parameter, `/sluice/<name>`. */
export function checkedClusterName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(name))
    throw new Failure(`invalid argument ${JSON.stringify(name)} for "--cluster" flag: not a name of a cluster`);
  return name;
}
