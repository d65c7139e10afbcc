import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Evaluates an expression in a Node.js of its own, with the exports of `scripts/setup/<module>.mjs` as `module` and the
 * arguments as `args`: the set-up scripts run before anything is installed and cannot be loaded by the test runner.
 */
export async function inSetupScript(
  module: string,
  expression: string,
  args: unknown = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<unknown> {
  const file = new URL(`../../scripts/setup/${module}.mjs`, import.meta.url);
  const program = `
    import * as module from ${JSON.stringify(file.href)};
    const args = JSON.parse(process.argv[1]);
    const result = await (${expression});
    process.stdout.write(JSON.stringify(result ?? null));`;
  const command = ['--input-type=module', '-e', program, JSON.stringify(args)];
  const { stdout } = await promisify(execFile)(process.execPath, command, { env });
  return JSON.parse(stdout);
}
