import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import { type DataLock, lockData } from '../../../kit/store/embedded/data-lock.ts';

/** Makes the folder and takes it for this process. `onLost` is told who has taken it away. Rejects with ConfigError for one that cannot be used. */
export async function lockFolder(folder: string, onLost: (holder: string) => void): Promise<DataLock> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConfigError(
      `--prediction.folder: ${folder} cannot be made (${reasonOf(error)}); name a folder that this user may write`,
    );
  }
  return lockData({ path: join(folder, 'lock'), folder, onLost });
}
