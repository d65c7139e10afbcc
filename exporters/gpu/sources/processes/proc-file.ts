import { readUpTo } from '../../../../kit/bounded-file.ts';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';

/** Of a process that ended, also between open and read, or that other users may not see. */
const unseen = new Set(['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM']);

/** The first `limit` bytes of a file of a process; undefined if the process is gone or may not be seen. The kernel gives a page at a time. */
export async function readProcFile(path: string, limit: number): Promise<Buffer | undefined> {
  try {
    return await readUpTo(path, limit);
  } catch (error) {
    if (unseen.has(errnoOf(error) ?? '')) return undefined;
    throw new SourceError(`cannot read ${path}: ${reasonOf(error)}`, { cause: error });
  }
}
