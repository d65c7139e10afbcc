import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');

/**
 * Compiles the daemons to dist/ if a source has changed, and returns the folder. Child processes cannot run TypeScript, so tests that
 * start one start the compiled file.
 */
export async function buildDist(): Promise<string> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  return join(root, 'dist');
}
