import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../../kit/errors.ts';

/** What a process that was killed while it wrote has left: files beside those that they were to replace. Only who holds the folder may remove them. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await removeLeftovers(path);
    else if (/\.new$/.test(entry.name)) await rm(path, { force: true }).catch(ignoreGone);
  }
}

function ignoreGone(error: unknown): void {
  if (errnoOf(error) === undefined) throw error;
}
