import { open, readdir } from 'node:fs/promises';

/** The proc file system, as far as it is read here. */
export interface ProcFiles {
  /** The first bytes of a file; undefined for what is not there, or not for us to see. */
  readonly read: (path: string, limit: number) => Promise<Buffer | undefined>;
  readonly list: (path: string) => Promise<readonly string[]>;
}

export const procFiles: ProcFiles = {
  read: async (path, limit) => {
    try {
      return await readUpTo(path, limit);
    } catch {
      return undefined;
    }
  },
  list: (path) => readdir(path).catch(() => []),
};

/** The kernel gives a page at a time and no size. */
async function readUpTo(path: string, limit: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const chunks: Buffer[] = [];
    for (let left = limit; left > 0; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(left, 16_384)));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      left -= bytesRead;
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}
