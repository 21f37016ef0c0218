import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PACKAGE = fileURLToPath(new URL("ric/", import.meta.url));
/** Not in the package's own folder: what stands below `node_modules` is seen by no compiler, linter or test runner. */
const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/sluice/", import.meta.url));
const run = promisify(execFile);

/**
 * The path of the runtime interface client's program; installs it when it is not there. It is no dependency of the project, since its install
 * compiles curl. Two installs at once do no harm: each fills a folder of its own, the first one there stays.
 */
export async function ensureRuntime(): Promise<string> {
  const lock = JSON.parse(await readFile(join(PACKAGE, "package-lock.json"), "utf8"));
  const { version } = lock.packages["node_modules/aws-lambda-ric"];
  const home = join(CACHE, `aws-lambda-ric-${version}`);
  const program = join(home, "node_modules/aws-lambda-ric/index.mjs");
  if (await isFile(program)) return program;
  await install(home);
  if (!(await isFile(program))) throw new Error(`the install of aws-lambda-ric@${version} has no ${program}`);
  return program;
}

async function install(home: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const own = await mkdtemp(join(CACHE, "installing-"));
  try {
    for (const name of ["package.json", "package-lock.json", ".npmrc"]) await copyFile(join(PACKAGE, name), join(own, name));
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: own, timeout: 180_000 });
    await rename(own, home).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
    });
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

const isTaken = (error: unknown): boolean => error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST");

const isFile = (path: string): Promise<boolean> =>
  readFile(path).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
      throw error;
    },
  );

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${await ensureRuntime()}\n`);
