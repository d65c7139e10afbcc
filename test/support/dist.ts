import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');

let built: Promise<string> | undefined;

/**
 * Compiles the daemons to dist/ if a source has changed, once for all tests of a file, and returns the folder. Child processes cannot run
 * TypeScript, so tests that start one start the compiled file.
 */
export function buildDist(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  return join(root, 'dist');
}
