import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from './tools.ts';

/** Found once: the search costs more than amtool itself. */
let path: string | undefined;

/** What amtool prints; throws with its complaint if it refuses. */
export function amtool(...args: readonly string[]): string {
  try {
    path ??= tool('amtool');
    return execFileSync(path, args, { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const said =
      error instanceof Error && 'stderr' in error ? `${error.message}\n${String(error.stderr)}` : String(error);
    throw new Error(`amtool ${args.slice(0, 3).join(' ')} failed: ${said}`, { cause: error });
  }
}

/** Writes what amtool wants as a file, for as long as `use` takes. */
export function asJsonFile<T>(content: unknown, use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-amtool-'));
  try {
    const file = join(folder, 'content.json');
    writeFileSync(file, JSON.stringify(content));
    return use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
