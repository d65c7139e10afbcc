import { stat } from 'node:fs/promises';
import { codeOf } from './failure.ts';

/** Also true if it may not be looked at: then a call says so, which nothing would if it counted as absent. */
export async function socketExists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isSocket();
  } catch (error) {
    const code = codeOf(error);
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

/** Differs when another socket was made in that place; inode numbers alone are used again. Throws what `stat` throws. */
export async function socketIdentity(path: string): Promise<string> {
  const { ino, ctimeNs } = await stat(path, { bigint: true });
  return `${ino}:${ctimeNs}`;
}
