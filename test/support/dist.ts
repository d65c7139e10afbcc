import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const lock = join(root, '.tools', 'dist.lock');
const lockAgeMs = 120_000;

let built = false;

/**
 * Compiles the daemons to dist/, as `npm run build` does, if their sources are newer, and returns the folder. Child processes cannot run
 * TypeScript, so tests that start one start the compiled file.
 */
export async function buildDist(): Promise<string> {
  if (built) return dist;
  await withLock(() => {
    const newest = newestSource();
    if (!existsSync(stamp) || statSync(stamp).mtimeMs < newest) compile(newest);
  });
  built = true;
  return dist;
}

function compile(newest: number): void {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? error.stdout : error;
    throw new Error(`tsc -p tsconfig.build.json failed:\n${output}`, { cause: error });
  }
  writeFileSync(stamp, '');
  // A source that was edited during the build must make the next one run.
  utimesSync(stamp, newest / 1000, newest / 1000);
}

function newestSource(): number {
  const config: unknown = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'));
  const folders = (config as { include: readonly string[] }).include;
  const files = folders.flatMap((folder) => sourcesIn(join(root, folder)));
  const configs = ['tsconfig.json', 'tsconfig.build.json'].map((name) => join(root, name));
  return Math.ceil(Math.max(...[...configs, ...files].map((file) => statSync(file).mtimeMs)));
}

function sourcesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

/** Test files run in several processes; only one may write dist/ at a time. */
async function withLock(work: () => void): Promise<void> {
  while (!tryLock()) await new Promise((resolve) => setTimeout(resolve, 50));
  try {
    work();
  } finally {
    rmdirSync(lock);
  }
}

function tryLock(): boolean {
  mkdirSync(join(lock, '..'), { recursive: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    // A run that was killed leaves its lock behind.
    const age = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0;
    if (age > lockAgeMs) rmdirSync(lock);
    return false;
  }
}
