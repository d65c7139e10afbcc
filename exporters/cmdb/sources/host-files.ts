import { basename } from 'node:path';
import type { Clock } from '../../../kit/clock.ts';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { ObserveContext } from '../observation.ts';
import { changedAt, listFiles, readJson } from './file-list.ts';
import type { ObservedItems } from './observed-items.ts';

const maxBytes = 16 * 1024 * 1024;
const progressEvery = 100;

export interface HostFiles {
  readonly patterns: readonly string[];
  /** Seconds; older files tell nothing. */
  readonly maxAge: number;
  /** Taken off the front of the name of a file. */
  readonly prefix?: string | undefined;
}

export interface HostFile {
  readonly host: string;
  readonly json: unknown;
}

interface HostFilesDeps {
  readonly clock: Clock;
  readonly items: ObservedItems;
  readonly context: ObserveContext;
}

/** Files that are named by their host, such as gpu-01.json. One that is torn or too old fails its host and no other. */
export async function* readHostFiles(
  files: HostFiles,
  { clock, items, context }: HostFilesDeps,
): AsyncGenerator<HostFile> {
  const paths = await listFiles(files.patterns);
  const seen = new Set<string>();
  for (const [index, path] of paths.entries()) {
    if (context.signal.aborted) throw new SourceError('stopped');
    if (index % progressEvery === 0) context.onProgress(index, paths.length);
    const host = hostOf(path, files.prefix);
    if (seen.has(host)) {
      items.problem(path, `there is another file for the host ${host}; this one is left out`);
      continue;
    }
    seen.add(host);
    try {
      checkAge(clock.now() - (await changedAt(path)), files.maxAge);
      yield { host, json: await readJson(path, maxBytes) };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      items.failScope(host, `${path}: ${reasonOf(error)}`);
    }
  }
}

function hostOf(path: string, prefix = ''): string {
  const name = basename(path).replace(/\.json$/i, '');
  return (name.startsWith(prefix) ? name.slice(prefix.length) : name).toLowerCase();
}

function checkAge(age: number, maxAge: number): void {
  if (age <= maxAge) return;
  throw new SourceError(
    `it was written ${Math.round(age)} s ago, more than the ${maxAge} s of max_age; see what writes it`,
  );
}
