import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file that others may read. Whoever reads it sees the old content or the new one, whenever the process ends. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await rm(temporary, { force: true });
    const file = await open(temporary, 'wx', 0o644);
    try {
      await file.writeFile(content);
      // Without it a power failure may leave the new name with nothing behind it.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
