import { SetupError } from './project.mjs';

/** Runs a script; what the user can put right is printed without a stack. */
export async function runScript(script) {
  try {
    process.exitCode = await script(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
