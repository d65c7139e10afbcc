import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileChange } from './run-files.ts';

/** Carries the changes out, one after the other, below the folder of the run. */
export async function applyChanges(folder: string, changes: readonly FileChange[]): Promise<void> {
  for (const change of changes) await apply(join(folder, change.path), change);
}

async function apply(path: string, change: FileChange): Promise<void> {
  if (change.kind === 'remove') return rm(path, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  if (change.kind === 'append') return appendFile(path, change.data);
  await writeFile(`${path}.tmp`, change.data);
  await rename(`${path}.tmp`, path);
}
